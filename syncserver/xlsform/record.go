package xlsform

// record writes the empty record from e on. A repeat stands twice: once as the template for repetitions, and once as
// the first of them. Within a template, or within a first repetition, repeats have been shown how to grow already.
func (w *xform) record(e *element, templated bool) (*node, error) {
	n := el(e.name)
	for _, a := range e.instance {
		text, err := w.resolver.insert(a.value.String(), e, manner{})
		if err != nil {
			return nil, placed(err, e.at("instance", a.key))
		}
		n.set(a.key, text)
	}
	if e.kind == aQuestion {
		if e.question.value != "" && !isDynamic(e.question.value, e.typ) {
			n.say(e.question.value)
		}
		return n, w.spend()
	}
	for _, c := range e.children {
		if err := w.recordChild(n, c, templated); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (w *xform) recordChild(n *node, c *element, templated bool) error {
	switch {
	case c.flat:
		return w.flatRecord(n, c)
	case c.kind == anInstance:
		return nil
	case c.kind == anAttribute:
		n.set(c.name, c.question.value)
		return nil
	}
	grows := c.kind == aRepeat && !templated
	if grows {
		t, err := w.template(c)
		if err != nil {
			return err
		}
		n.add(t)
	}
	k, err := w.record(c, templated || grows)
	n.add(k)
	return err
}

// template writes a repeat as the pattern of its repetitions.
func (w *xform) template(e *element) (*node, error) {
	n := el(e.name, "jr:template", "")
	for _, c := range e.children {
		write := func(c *element) (*node, error) { return w.record(c, false) }
		switch c.kind {
		case aRepeat:
			write = w.template
		case anInstance:
			continue
		}
		k, err := write(c)
		if err != nil {
			return nil, err
		}
		n.add(k)
	}
	return n, w.spend()
}

// flatRecord writes the questions of a group that has no element of its own.
func (w *xform) flatRecord(n *node, e *element) error {
	for _, c := range e.children {
		if c.flat {
			if err := w.flatRecord(n, c); err != nil {
				return err
			}
			continue
		}
		if c.kind == anInstance {
			continue
		}
		k, err := w.record(c, false)
		if err != nil {
			return err
		}
		n.add(k)
	}
	return nil
}

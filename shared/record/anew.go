package record

// A record whose creation was rejected is put right by another one: no edit can bring it into being. The new one names it at
// its creation (PathInstead); an edit of the old one names the new one (PathAnew) and takes the old one out of sight, with
// everything that stood in it before the eyes of whoever wrote the new one. So the two never count both, should the centre
// accept the old one after all; and what somebody wrote into the old one meanwhile brings it back to view, as with any delete.
const (
	PathInstead = "_instead" // of the new record; value: the name of the old one (Dot.String)
	PathAnew    = "_anew"    // of the old record; value: the name of the new one
)

// Instead is the record that this one was written in place of; zero: none.
func (v *View) Instead() Dot { return v.named(PathInstead) }

// Anew is the record that was written in place of this one; zero: none. Of several it is the latest.
func (v *View) Anew() Dot { return v.named(PathAnew) }

// named is the record that a system path names; zero: none, or it is no name.
func (v *View) named(path string) Dot {
	d, err := ParseDot(v.Text(path))
	if err != nil {
		return Dot{}
	}
	return d
}

// Replaced reports whether a record was written in place of this one, and nothing in it is left to be looked at.
func (v *View) Replaced() bool { return v.Hidden && !v.Anew().IsZero() }

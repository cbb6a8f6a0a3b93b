package xlsform

import (
	"strings"
	"unicode"
)

// ask takes in a question of any other type.
func (s *surveyReader) ask(e *element) error {
	var err error
	switch e.typ {
	case "range":
		err = s.rangeOf(e)
	case "text":
		err = textParams(e)
	case "photo":
		err = s.photo(e)
	case "audio":
		err = audioParams(e, "voice-only", "low", "normal", "external")
		if quality := e.params.text("quality"); quality != "" {
			e.bind.setText("odk:quality", quality)
		}
	case "background-audio":
		err = audioParams(e, "voice-only", "low", "normal")
		e.actions = append(e.actions, action{name: recordAudio, event: onLoad, quality: e.params.text("quality")})
	case "geopoint", "geoshape", "geotrace":
		err = s.geo(e)
	case "start-geopoint":
		e.actions = append(e.actions, action{name: setGeopoint, event: onFirstLoad})
	case "background-geopoint":
		err = backgroundPlace(e)
	case "xml-external", "csv-external":
		e.kind = anInstance
	default:
		if _, ok := questionTypes[e.typ]; !ok {
			return TypeUnknown.at(e.at("type"), "type", e.typ)
		}
		if classOf(e.typ) == choiceControl && e.itemset == "" && e.listName == "" {
			return SelectWithoutList.at(e.at("type"))
		}
	}
	if err == nil {
		s.add(e)
	}
	return err
}

// audit puts the log of how a form was filled in among the questions about the record.
func (s *surveyReader) audit(e *element) error {
	if e.name != "" && e.name != "audit" {
		return AuditName.at(e.at("name"))
	}
	e.name = "audit"
	err := only(e.row, e.params, "identify-user", "location-max-age", "location-min-interval", "location-priority",
		"track-changes", "track-changes-reasons")
	if err != nil {
		return err
	}
	for _, p := range []struct {
		name     string
		accepted []string
	}{
		{"track-changes", []string{"true", "false"}},
		{"track-changes-reasons", []string{"on-form-edit"}},
		{"identify-user", []string{"true", "false"}},
		{"location-priority", []string{"no-power", "low-power", "balanced", "high-accuracy"}},
	} {
		if err := oneOfParam(e.row, e.params, p.name, p.accepted...); err != nil {
			return err
		}
	}
	if err := auditLocation(e); err != nil {
		return err
	}
	for _, p := range e.params {
		e.bind.set("odk:"+p.key, p.value)
	}
	s.meta = append(s.meta, e)
	return nil
}

// auditLocation checks the three parameters that only go together.
func auditLocation(e *element) error {
	have := 0
	for _, name := range []string{"location-priority", "location-min-interval", "location-max-age"} {
		have += btoi(e.params.has(name))
	}
	switch have {
	case 0:
		return nil
	case 3:
	default:
		return AuditLocation.at(e.at("parameters"))
	}
	interval, err := integerParam(e.row, e.params, "location-min-interval")
	if err != nil {
		return err
	}
	age, err := integerParam(e.row, e.params, "location-max-age")
	if err != nil {
		return err
	}
	switch {
	case interval.Sign() < 0:
		return ParamNegative.at(e.at("parameters"), "name", "location-min-interval")
	case age.Sign() < 0:
		return ParamNegative.at(e.at("parameters"), "name", "location-max-age")
	case age.Cmp(interval) < 0:
		return AuditAge.at(e.at("parameters"))
	}
	return nil
}

func textParams(e *element) error {
	if err := only(e.row, e.params, "rows"); err != nil {
		return err
	}
	if _, err := integerParam(e.row, e.params, "rows"); err != nil {
		return err
	}
	if rows := e.params.text("rows"); rows != "" {
		e.control.setText("rows", rows)
	}
	return nil
}

// photo checks an image, and advises to bound its size.
func (s *surveyReader) photo(e *element) error {
	const images, pixels = "jr://images/", "max-pixels"
	if e.value != "" && !strings.Contains(e.value, images) {
		e.value = images + e.value
	}
	if err := only(e.row, e.params, "app", pixels); err != nil {
		return err
	}
	if _, err := integerParam(e.row, e.params, pixels); err != nil {
		return err
	}
	if e.params.has(pixels) {
		e.bind.set("orx:"+pixels, e.params.get(pixels))
	} else {
		s.warn(MaxPixels.at(e.at("parameters")))
	}
	appearance := e.control.text("appearance")
	if !e.params.has("app") || appearance != "" && appearance != "annotate" {
		return nil
	}
	app := e.params.text("app")
	if !isAndroidPackage(app) {
		return PackageName.at(e.at("parameters"), "value", app)
	}
	e.control.setText("intent", app)
	return nil
}

// isAndroidPackage reports whether name can name an app: at least two parts of letters, digits and underscores, none
// of which begins with a digit or an underscore.
func isAndroidPackage(name string) bool {
	parts := strings.Split(name, ".")
	for _, part := range parts {
		if part == "" || part[0] == '_' || unicode.IsDigit(rune(part[0])) {
			return false
		}
		for _, r := range part {
			if r != '_' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') {
				return false
			}
		}
	}
	return len(parts) > 1
}

func audioParams(e *element, qualities ...string) error {
	if err := only(e.row, e.params, "quality"); err != nil {
		return err
	}
	return oneOfParam(e.row, e.params, "quality", qualities...)
}

// geo takes in a place: how exact it must be, and what it may be chosen from.
func (s *surveyReader) geo(e *element) error {
	if e.control == nil {
		e.control = attrs{}
	}
	precision := []struct{ name, attribute string }{}
	accepted := []string{"allow-mock-accuracy", "incremental", "reference-geometry"}
	if e.typ == "geopoint" {
		accepted = []string{"allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"}
		precision = append(precision,
			struct{ name, attribute string }{"capture-accuracy", "accuracyThreshold"},
			struct{ name, attribute string }{"warning-accuracy", "unacceptableAccuracyThreshold"})
	}
	if err := only(e.row, e.params, accepted...); err != nil {
		return err
	}
	for _, p := range precision {
		v := e.params.get(p.name)
		if v.isZero() {
			continue
		}
		if !isNumber(v.text) {
			return ParamNotNumber.at(e.at("parameters"), "name", p.name)
		}
		e.control.set(p.attribute, v)
	}
	return s.geoRest(e)
}

func (s *surveyReader) geoRest(e *element) error {
	if v := e.params.text("incremental"); v != "" {
		if !yesNo[v] {
			return ParamNotOneOf.at(e.at("parameters"), "name", "incremental", "value", v, "accepted", "true")
		}
		e.control.setText("incremental", "true")
	}
	if err := oneOfParam(e.row, e.params, "allow-mock-accuracy", "true", "false"); err != nil {
		return err
	}
	if v := e.params.get("allow-mock-accuracy"); !v.isZero() {
		e.bind.set("odk:allow-mock-accuracy", v)
	}
	if v := e.params.text("reference-geometry"); v != "" {
		s.places = append(s.places, namedAt{v, e.row})
		e.itemset, e.choices = v, s.lists.get(v)
	}
	return nil
}

// checkPlaces checks what places are chosen from: a list, a file, a list of entities, or a repeat.
func (s *surveyReader) checkPlaces() error {
	for _, p := range s.places {
		if s.instances[p.name] || s.lists.get(p.name) != nil || s.declared(p.name) != nil {
			continue
		}
		if n, name, _ := reference(p.name); n > 0 && n == len(p.name) && s.repeats[name] {
			continue
		}
		return ReferenceGeometry.at(p.row.at("parameters"), "name", p.name)
	}
	return nil
}

// backgroundPlace checks a place that is taken when another question changes.
func backgroundPlace(e *element) error {
	if len(e.triggers) == 0 {
		return BackgroundTrigger.at(e.at("trigger"))
	}
	if e.bind.has("calculate") {
		return BackgroundCalculation.at(e.at("bind", "calculate"))
	}
	return nil
}

// osm takes in a building or way to be edited, with the tags to ask for.
func (s *surveyReader) osm(e *element, list string) error {
	e.typ = "osm"
	if len(s.tags) > 0 {
		if e.tags = s.tags[list]; e.tags == nil {
			return ListUnknown.at(e.at("type"), "list", list)
		}
	}
	s.add(e)
	return nil
}

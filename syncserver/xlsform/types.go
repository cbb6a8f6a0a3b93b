package xlsform

import "slices"

// questionType is what a type of question begins with, before its row has a say.
type questionType struct {
	tag   string // of the control in the body; "" has none, "action" works in the background
	media string // of an upload
	bind  attrs
	hint  string
}

func pairs(kv ...string) attrs {
	a := attrs{}
	for i := 0; i+1 < len(kv); i += 2 {
		a.setText(kv[i], kv[i+1])
	}
	return a
}

func control(tag, bindType string) questionType {
	return questionType{tag: tag, bind: pairs("type", bindType)}
}

func input(bindType string) questionType { return control("input", bindType) }

func upload(media string) questionType {
	return questionType{tag: "upload", media: media + "/*", bind: pairs("type", "binary")}
}

// preload is filled by the client when the form opens.
func preload(kind, bindType, what string) questionType {
	return questionType{bind: pairs("jr:preload", kind, "type", bindType, "jr:preloadParams", what)}
}

func property(what string) questionType { return preload("property", "string", what) }

// constrained has a constraint, and a hint about it.
func constrained(bindType, constraint, hint string) questionType {
	return questionType{tag: "input", bind: pairs("type", bindType, "constraint", constraint), hint: hint}
}

// The types that selects are given, however they are written.
const (
	selectOne      = "select one"
	selectMultiple = "select all that apply"
	selectExternal = "select one external"
)

var (
	textInput = input("string")
	noteInput = questionType{tag: "input", bind: pairs("readonly", "true()", "type", "string")}
	silent    = questionType{bind: pairs("type", "string")}
	startTime = preload("timestamp", "dateTime", "start")
	endTime   = preload("timestamp", "dateTime", "end")
	todayDate = preload("date", "date", "today")
)

// questionTypes are all types, old names among them.
var questionTypes = map[string]questionType{
	"text": textInput, "string": textInput, "q string": textInput, "add text prompt": textInput,
	"note": noteInput, "q note": noteInput, "add note prompt": noteInput,
	"integer": input("int"), "int": input("int"), "q int": input("int"), "add integer prompt": input("int"),
	"decimal": input("decimal"), "q decimal": input("decimal"), "add decimal prompt": input("decimal"),
	"range":                             control("range", "int"),
	"percentage":                        constrained("int", "0 <= . and . <= 100", ""),
	"number of days in last month":      constrained("int", "0 <= . and . <= 31", "Enter a number 0-31."),
	"number of days in last six months": constrained("int", "0 <= . and . <= 183", "Enter a number 0-183."),
	"number of days in last year":       constrained("int", "0 <= . and . <= 365", "Enter a number 0-365."),
	"phone number":                      constrained("string", `regex(., '^\d*$')`, "Enter numbers only."),

	"date": input("date"), "q date": input("date"), "add date prompt": input("date"), "time": input("time"),
	"dateTime": input("dateTime"), "datetime": input("dateTime"), "date time": input("dateTime"),
	"q dateTime": input("dateTime"), "q date time": input("dateTime"),
	"add date time prompt": input("dateTime"), "add dateTime prompt": input("dateTime"),

	"geopoint": input("geopoint"), "q geopoint": input("geopoint"), "gps": input("geopoint"),
	"location": input("geopoint"), "q location": input("geopoint"), "add location prompt": input("geopoint"),
	"geoshape": input("geoshape"), "q geoshape": input("geoshape"),
	"geotrace": input("geotrace"), "q geotrace": input("geotrace"),
	"start-geopoint": control("action", "geopoint"), "background-geopoint": control("trigger", "geopoint"),

	selectOne: control("select1", "string"), "select one using": control("select1", "string"),
	"q select1": control("select1", "string"), "add select one prompt using": control("select1", "string"),
	selectExternal: control("input", "string"),
	selectMultiple: control("select", "string"), "select all that apply from": control("select", "string"),
	"select multiple from": control("select", "string"), "select multiple using": control("select", "string"),
	"q select": control("select", "string"), "add select multiple prompt using": control("select", "string"),
	"rank": control("odk:rank", "odk:rank"),

	"acknowledge": control("trigger", "string"), "q acknowledge": control("trigger", "string"),
	"add acknowledge prompt": control("trigger", "string"), "trigger": {tag: "trigger"},
	"barcode": input("barcode"), "q barcode": input("barcode"), "add barcode prompt": input("barcode"),

	"photo": upload("image"), "image": upload("image"), "q image": upload("image"), "q picture": upload("image"),
	"add image prompt": upload("image"),
	"audio":            upload("audio"), "q audio": upload("audio"), "add audio prompt": upload("audio"),
	"video": upload("video"), "q video": upload("video"), "add video prompt": upload("video"),
	"file": upload("application"), "add file prompt": upload("application"),
	"osm": upload("osm"), "background-audio": control("action", "binary"), "audit": {bind: pairs("type", "binary")},

	"calculate": silent, "q calculate": silent, "add calculate prompt": silent, "hidden": silent,
	"xml-external": {}, "csv-external": {},

	"start": startTime, "start time": startTime, "get start time": startTime,
	"end": endTime, "end time": endTime, "get end time": endTime,
	"today": todayDate, "get today": todayDate,
	"deviceid": property("deviceid"), "device id": property("deviceid"), "get device id": property("deviceid"),
	"imei": property("deviceid"), "uri:deviceid": property("uri:deviceid"),
	"subscriberid": property("subscriberid"), "subscriber id": property("subscriberid"),
	"get subscriber id": property("subscriberid"), "uri:subscriberid": property("uri:subscriberid"),
	"simserial": property("simserial"), "sim id": property("simserial"), "get sim id": property("simserial"),
	"uri:simserial": property("uri:simserial"),
	"phonenumber":   property("phonenumber"), "get phone number": property("phonenumber"),
	"uri:phonenumber": property("uri:phonenumber"),
	"username":        property("username"), "uri:username": property("uri:username"),
	"email": property("email"), "uri:email": property("uri:email"),
}

// typeAliases are old names of types that rows are given the new one for.
var typeAliases = map[string]string{
	"imei": "deviceid", "image": "photo", "add image prompt": "photo", "add photo prompt": "photo",
	"add audio prompt": "audio", "add video prompt": "video", "add file prompt": "file",
}

// deprecatedTypes still convert, and yield nothing on phones of today.
var deprecatedTypes = set("subscriberid", "simserial")

// geoTypes are the types that may offer places to choose from.
var geoTypes = set("geopoint", "geoshape", "geotrace")

// controls are what begin and end may be followed by, longest first where one begins another.
var controls = map[string]string{
	"group": "group", "lgroup": "repeat", "repeat": "repeat", "loop": "loop", "looped group": "repeat",
}

// A selectWord is a way to begin the type of a select.
type selectWord struct {
	word, typ string
	fromFile  bool
}

// selectWords are tried in order; a longer one may stand behind a shorter.
var selectWords = []selectWord{
	{word: "add select one prompt using", typ: selectOne},
	{word: "add select multiple prompt using", typ: selectMultiple},
	{word: "select all that apply from", typ: selectMultiple},
	{word: "select one from", typ: selectOne},
	{word: "select1", typ: selectOne},
	{word: "select_one", typ: selectOne},
	{word: "select one", typ: selectOne},
	{word: "select_multiple", typ: selectMultiple},
	{word: "select all that apply", typ: selectMultiple},
	{word: "select_one_external", typ: selectExternal},
	{word: "select_one_from_file", typ: selectOne, fromFile: true},
	{word: "select_multiple_from_file", typ: selectMultiple, fromFile: true},
	{word: "select one from file", typ: selectOne, fromFile: true},
	{word: "select multiple from file", typ: selectMultiple, fromFile: true},
	{word: "rank", typ: "rank"},
}

// fileExtensions are those of lists and instances that stand in a file beside the form.
var fileExtensions = []string{".xml", ".csv", ".geojson"}

func isFile(extension string) bool { return slices.Contains(fileExtensions, extension) }

// class says how the control of a question is written.
type class int

const (
	noControl class = iota
	plainControl
	inputControl
	choiceControl
	rangeControl
	geoControl
	osmControl
)

func classOf(typ string) class {
	t := questionTypes[typ]
	switch {
	case geoTypes[typ]:
		return geoControl
	case t.media == "osm/*":
		return osmControl
	}
	switch t.tag {
	case "input":
		return inputControl
	case "select", "select1", "odk:rank":
		return choiceControl
	case "range":
		return rangeControl
	case "trigger", "upload":
		return plainControl
	}
	return noControl
}

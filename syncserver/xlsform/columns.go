package xlsform

import "maps"

// What the columns of each sheet may be called. A name of several words is a family and the keys in it: relevant is
// short for bind::relevant.

// sheetColumns is what the headers of one sheet are understood by.
type sheetColumns struct {
	known    map[string]bool     // names that stand for themselves
	aliases  map[string][]string // other names, in lower case with underscores, for what
	required string              // a column without which the sheet says nothing
}

// with understands further names, each as an attribute of a family.
func (s sheetColumns) with(names []string, family, prefix string) sheetColumns {
	s.aliases = maps.Clone(s.aliases)
	for _, name := range names {
		s.aliases[name] = []string{family, prefix + ":" + name}
	}
	return s
}

func set(names ...string) map[string]bool {
	s := make(map[string]bool, len(names))
	for _, n := range names {
		s[n] = true
	}
	return s
}

var surveyColumns = sheetColumns{
	known: set("name", "label", "bind", "choice_filter", "control", "hint", "media", "parameters", "type", "default",
		"guidance_hint", "instance", "query", "sms_field", "trigger", "choices", "itemset", "list_name", "actions",
		"parent", "extra_data"),
	aliases: map[string][]string{
		"sms_field": {"sms_field"}, "sms_option": {"sms_option"}, "sms_separator": {"sms_separator"},
		"sms_allow_media": {"sms_allow_media"}, "sms_date_format": {"sms_date_format"},
		"sms_datetime_format": {"sms_datetime_format"}, "sms_response": {"sms_response"},
		"compact_tag": {"instance", "odk:tag"},
		"caption":     {"label"},
		"command":     {"type"},
		"tag":         {"name"}, "value": {"name"},

		"read_only": {"bind", "readonly"}, "readonly": {"bind", "readonly"},
		"relevant": {"bind", "relevant"}, "relevance": {"bind", "relevant"},
		"required": {"bind", "required"}, "constraint": {"bind", "constraint"},
		"calculation": {"bind", "calculate"}, "calculate": {"bind", "calculate"},
		"constraining_message": {"bind", constraintMsg}, "constraint_message": {"bind", constraintMsg},
		"requiredmsg": {"bind", requiredMsg}, "required_message": {"bind", requiredMsg},
		"noapperrorstring": {"bind", noAppErrorString}, "no_app_error_string": {"bind", noAppErrorString},
		"save_to": {"bind", saveTo},

		"image": {"media", "image"}, "big-image": {"media", "big-image"},
		"audio": {"media", "audio"}, "video": {"media", "video"},

		"body": {"control"}, "appearance": {"control", "appearance"},
		"count": {"control", "jr:count"}, "repeat_count": {"control", "jr:count"}, "jr:count": {"control", "jr:count"},
		"autoplay": {"control", "autoplay"}, "rows": {"control", "rows"},
	},
	required: "type",
}

var choiceColumns = sheetColumns{
	known: set("name", "label", "media", "sms_option", "parent", "extra_data"),
	aliases: map[string][]string{
		"caption": {"label"}, "value": {"name"}, "list_name": {listName},
		"image": {"media", "image"}, "big-image": {"media", "big-image"},
		"audio": {"media", "audio"}, "video": {"media", "video"},
	},
	required: "name",
}

// tagColumns are those of the sheets osm and external_choices, which may lack names.
var tagColumns = sheetColumns{known: choiceColumns.known, aliases: choiceColumns.aliases}

var entityColumns = sheetColumns{
	known:   set("dataset", "entity_id", "create_if", "update_if", "repeat", "label"),
	aliases: map[string][]string{"list_name": {"dataset"}},
}

var settingColumns = sheetColumns{
	known: set("name", "label", "parent", "extra_data", "bind", "control", "hint", "media", "type", "instance", "flat",
		"sms_field", "add_none_option", "clean_text_values", "attribute", "auto_delete", "auto_send", "choices",
		"default_language", "file_name", "id_string", "instance_name", "instance_xmlns", "namespaces",
		"omit_instanceID", "public_key", "sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_keyword",
		"sms_response", "sms_separator", "style", "submission_url", "title", "version", "allow_choice_duplicates",
		"client_editable", "delimiter", "prefix", "entity_version"),
	aliases: settingAliases,
}

// settingAliases may also stand in the type column of the survey, with the setting as the name.
var settingAliases = map[string][]string{
	"form_title": {"title"}, "set_form_title": {"title"},
	"form_id": {"id_string"}, "set_form_id": {"id_string"},
	"prefix": {"prefix"},
}

// listName is the family of the column that says which list a choice is in.
const listName = "list name"

// Keys of bind that are texts for people, and the one of entities.
const (
	constraintMsg    = "jr:constraintMsg"
	requiredMsg      = "jr:requiredMsg"
	noAppErrorString = "jr:noAppErrorString"
	saveTo           = "entities:saveto"
)

// translatable are the columns that may have one text for each language: the last key of the column, and the name
// that authors know it by.
var (
	translatableSurvey = map[string]string{
		"label": "label", "hint": "hint", "guidance_hint": "guidance_hint", "image": "image",
		"big-image": "big-image", "audio": "audio", "video": "video",
		constraintMsg: "constraint_message", requiredMsg: "required_message",
	}
	translatableChoices = map[string]string{
		"label": "label", "image": "image", "big-image": "big-image", "audio": "audio", "video": "video",
	}
)

// yesNo are the ways to write yes and no in settings.
var yesNo = map[string]bool{
	"yes": true, "Yes": true, "YES": true, "true": true, "True": true, "TRUE": true, "true()": true,
	"no": false, "No": false, "NO": false, "false": false, "False": false, "FALSE": false, "false()": false,
}

// truth are those that stand for an expression in a bind.
var truth = map[string]string{
	"yes": "true()", "Yes": "true()", "YES": "true()", "true": "true()", "True": "true()", "TRUE": "true()",
	"no": "false()", "No": "false()", "NO": "false()", "false": "false()", "False": "false()", "FALSE": "false()",
}

package builtin

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"banlang/shared/xform"
)

// A check is a sentence about a form that the example of its officer fills in, such as
//
//	given method=xe_loa: participants_total spares
//
// It is asked of a session over the committed XForm. What stands after given is put in first (an empty value clears; keys=
// says what the machine can seal to, without= which list it lacks). The verbs:
//
//	takes a | b      these answers are allowed                refuses a | b    these are not
//	needs            an empty answer is refused                spares           it is not
//	shows            the question is asked                     hides            it is not
//	offers a | b     these can be chosen                       withholds a | b  these cannot
//	is a             the value is a ("" is nothing)            complains        the finished record has a problem there
//	locked           people cannot change it                   asks             the label in Vietnamese is …
type check string

// seedRule is a rule of seed_forms.json in its own words, and where it went: into the form, which checks prove, or to the
// programs, which left says.
type seedRule struct {
	where  string // form field, or form alone
	says   string
	checks []check
	left   string
}

// seedRules are all rules that the seed has: TestEveryRuleOfTheSeed compares.
var seedRules = []seedRule{
	{"awareness_session duration_min", "5..480", []check{"duration_min takes 5 | 480", "duration_min refuses 4 | 481"}, ""},
	{"awareness_session participants_total", "0..20000; not required when method=xe_loa; warn if > 3x median of the venue", []check{
		"participants_total takes 0 | 20000", "participants_total refuses -1 | 20001",
		"participants_total needs", "given method=xe_loa: participants_total spares", "given method=loa_co_dinh: participants_total needs",
		"given participants_total=121: participants_total_warning shows", "given participants_total=120: participants_total_warning hides",
		"given venue=v2; participants_total=121: participants_total_warning hides",
		"given venue=v3; participants_total=20000: participants_total_warning hides", // no median yet
		"given without=venues.csv; participants_total=20000: participants_total_warning hides",
	}, ""},
	{"awareness_session questions_answered", "<= questions_raised", []check{
		"given questions_raised=7: questions_answered takes 7 | 0", "given questions_raised=7: questions_answered refuses 8",
		"given questions_raised=0: questions_answered refuses 1", "given questions_raised=3: questions_answered complains",
	}, ""},
	{"awareness_session venue", "venue register gives the distinct-place count", []check{"venue offers v1 | v2 | v3"}, "the count is the reports'"},
	{"awareness_session language", "a property of the service, not of any person", []check{"language offers vi | jra | bdq"}, "said by the hint"},
	{"awareness_session photo", "scene, not faces; EXIF stripped; max 300 KB", nil, "by the hint and max-pixels=1280; the program strips and shrinks"},
	{"tip", "no name, phone or ID-number field exists in the main record", []check{"given keys=: source hides", "given keys=: content hides"}, "names only in sealed questions: TestPrivacyIsDeclared"},
	{"tip", `small-cell rule: counts below 3 per commune and month are shown as "<3" above the commune`, nil, "the reports (decision 21)"},
	{"tip", "screen locks after 2 min in this form", nil, "the desktop"},
	{"tip", "a lost device can be revoked; sealed fields cannot be read without the custodian key, which is not on the device", nil, "enrolment and sealing (decisions 18, 20)"},
	{"tip receipt_code", "random 8 characters, given to the citizen; the only key they need to ask for the outcome", nil, "decision 21: the program draws it, shows it once and fills in its keyed hash; declared generated"},
	{"tip area", "never finer than village", []check{"area offers v1", "area withholds v2 | v3"}, ""},
	{"tip content", "encrypted to the handling unit's key; not in exports, search, logs, notifications or analytics", []check{
		"given keys=unit: content shows", "given keys=custodian: content hides", "given keys=custodian: content_off shows", "given keys=unit: content_off hides",
	}, "sealing itself and where it must not appear; declared sealed_to unit"},
	{"tip content", "privacy: sensitive", nil, "declared: TestPrivacyIsDeclared"},
	{"tip source", `OFF by default ("ẩn danh"); if the citizen agrees, sealed to a named custodian key; every opening needs a reason and a second person and is written to the audit log; destroyed N days after closing`, []check{
		"given source_consent=true: source shows", "given source_consent=false: source hides", "given source_consent=: source hides",
		"given keys=unit: source hides", "given keys=unit: source_consent hides", "given keys=unit: source_off shows", "source_off hides", "source_consent shows",
	}, "opening, audit and destruction; declared sealed_to custodian, retention 90d after closed_on (the seed does not say N)"},
	{"tip source", "privacy: protected", nil, "declared sensitive: the categories are none, basic, sensitive"},
	{"petition receipt_code", "random; printed for the citizen", nil, "as that of a tip"},
	{"petition due_on", "by type from a table of legal terms the administrator keeps (law changed 01/07/2026)", []check{
		"due_on is 2026-08-16", "term_days is 45", "given received_on=2026-06-30: term_days is 30", "given received_on=2026-07-01: term_days is 45",
		"given received_on=2012-07-01: term_days is 30", "given received_on=2012-06-30: term_days is ", "given type=kien_nghi: term_days is ", "given type=to_cao: term_days is 30",
		"given received_on=; type=: term_days is ", "given received_on=2026-06-30: due_on is 2026-07-30", "given type=to_cao: due_on is 2026-08-01",
		"given type=kien_nghi: due_on is 2026-08-16",            // no term: what stands there stays
		"given received_on=; type=to_cao: due_on is 2026-08-16", // likewise
		"given without=legal_terms.csv; received_on=2026-06-01: due_on is ",
		"given received_on=2026-11-01; due_on=2026-11-20: due_on is 2026-11-20", // an officer may set another
	}, ""},
	{"petition resolved_on", ">= received_on", []check{
		"given received_on=2026-07-02: resolved_on takes 2026-07-02 | 2026-11-16", "given received_on=2026-07-02: resolved_on refuses 2026-07-01 | 2026-11-17",
	}, ""},
	{"petition against_officer", "true => routed to the next level up and hidden from the unit", []check{
		"against_officer refuses true", "against_officer takes false", "given keys=unit oversight: against_officer takes true",
		"field withholds khieu_nai_can_bo", "field offers dat_dai | khac", "given keys=oversight: field offers khieu_nai_can_bo | dat_dai",
	}, "the routing (decision 7); until the machine has it, the form takes no such petition"},
	{"petition petitioner", "separate encrypted table; tố cáo: identity never leaves the handler; not exported; not in notifications", []check{
		"petitioner shows", "petitioner_off hides", "given keys=unit: petitioner hides", "given keys=unit: petitioner_off shows",
	}, "sealing; declared sealed_to custodian"},
	{"petition petitioner", "privacy: protected", nil, "declared sensitive"},
	{"petition content", "privacy: sensitive", []check{"content shows", "given keys=custodian: content hides", "given keys=custodian: content_off shows", "content_off hides"}, "declared"},
	{"venue_register parent_unit", "versioned", nil, "which version of a unit is meant follows from the day, in the reports"},
	{"venue_register languages_needed", "of the place, chosen by the commune; never recorded against a person", nil, "said by the hint"},
	{"self_mgmt_group households", "warn when every group of a commune has the same number", []check{
		"given households=30: households_warning shows", "given households=31: households_warning hides",
		"given without=self_mgmt_groups.csv; households=30: households_warning hides",
	}, ""},
	{"self_mgmt_group head_contact", "with consent; commune only", []check{
		"given head_contact_consent=true: head_contact shows", "given head_contact_consent=false: head_contact hides",
		"given keys=: head_contact hides", "given keys=: head_contact_off shows", "head_contact_off hides", "head_contact_consent shows", "given keys=: head_contact_consent hides",
	}, "declared visible_to unit"},
	{"self_mgmt_group head_contact", "privacy: basic", nil, "declared"},
	{"model", "left out: participants with a record or any belief are never listed; only numbers", nil, "no such question: TestFieldsOfTheSeed"},
	{"evaluation period", "one per subject and period", []check{
		"period takes 2026-Q3 | 2026 | 2026-H2 | 2026-07", "given subject=g1: period refuses 2026-Q2", "given subject=m1: period takes 2026-Q2",
		"period refuses 2026-Q5 | 2026-13 | Q3 | 26", "given without=evaluations.csv: period takes 2026-Q2",
	}, "for other communes' records too, at the centre"},
	{"evaluation rating", "computed from scores; override needs a reason", []check{
		"given rating_override=: rating is kha", "given rating_override=; scores[1]/score=10; scores[2]/score=9: rating is tot",
		"given rating_override=; scores[1]/score=8; scores[2]/score=8: rating is tot",
		"given rating_override=; scores[1]/score=5; scores[2]/score=5: rating is trung_binh", "given rating_override=; scores[1]/score=5; scores[2]/score=4: rating is yeu",
		"given scores[1]/score=8; scores[2]/score=8; scores[3]/score=7: average is 7.67", "given scores[1]/score=; scores[2]/score=: average is ",
		"given scores[1]/score=; scores[2]/score=: rating_computed is ", "given scores[1]/score=6; scores[2]/score=7: rating_computed is kha",
		"rating locked", "rating is tot", "given rating_override=yeu: rating is yeu",
		"given rating_override=tot: rating_reason shows", "given rating_override=: rating_reason hides", "given rating_override=kha: rating_reason hides",
		"given rating_override=yeu: rating_reason needs", "given rating_override=; scores[1]/score=; scores[2]/score=: rating complains",
	}, "the seed gives no thresholds: 8, 6.5 and 5 of 10 are ours"},
	{"evaluation remedy", "required when rating=yeu", []check{
		"remedy spares", "given rating_override=yeu: remedy needs", "given rating_override=; scores[1]/score=1; scores[2]/score=2: remedy needs",
	}, ""},
	{"recognition name", "consent to be named", []check{
		"given name_consent=true: name shows", "given name_consent=false: name hides", "given keys=: name hides", "given keys=: name_off shows", "name_off hides",
		"name_consent shows", "given keys=: name_consent hides",
	}, "declared sealed_to unit"},
	{"recognition name", "privacy: basic", nil, "declared"},
	{"weapon_handover", "GUN indicator = sum of gun_* kinds", []check{
		"guns is 3", "given items[4]/kind=gun_military; items[4]/quantity=150: guns is 153", "given items[4]/kind=round; items[4]/quantity=3089: guns is 3",
	}, ""},
	{"weapon_handover items/kind", "kind fixes the unit; one line per kind", []check{
		"given items[1]/kind=round: items[1]/unit is viên", "given items[1]/kind=round: items[1]/unit_en is rounds", "given items[1]/kind=: items[1]/unit is ",
		"given items[1]/kind=fuse_m: items[1]/quantity asks Số lượng (mét)", "given items[1]/kind=fuse_m: items[2]/unit is gam",
		"items[1]/kind takes bomb | gun_hunting", "items[1]/kind refuses explosive_g | gun_air", "items[3]/kind refuses gun_hunting",
		"given items[3]/kind=gun_hunting: items[1]/kind complains", "given items[4]/kind=grenade: items[4]/kind takes mine",
	}, ""},
	{"weapon_handover items/quantity", ">0; whole number unless unit is gam/mét", []check{
		"items[1]/quantity takes 1 | 355", "items[1]/quantity refuses 0 | -1 | 1.5 | 0.5", "items[2]/quantity takes 0.5 | 180", "items[2]/quantity refuses 0 | -0.5",
		"given items[1]/kind=fuse_m: items[1]/quantity takes 12.75", "given items[2]/kind=bomb: items[2]/quantity complains", "items[1]/quantity refuses 1000000", "items[1]/quantity takes 999999",
	}, ""},
	{"weapon_handover danger", "true => flash report offered", []check{"given danger=true: danger_warning shows", "given danger=false: danger_warning hides"}, "the offer in one click"},
	{"weapon_handover person", "optional; anonymous by default", []check{
		"person spares", "given person_consent=true: person shows", "given person_consent=false: person hides", "given keys=unit: person hides",
		"given keys=unit: person_off shows", "person_off hides", "person_consent shows", "given keys=unit: person_consent hides",
	}, ""},
	{"weapon_handover person", "privacy: protected", nil, "declared sensitive"},
	{"welfare_activity", "at least one of households, persons, labour_days, quantity, value_vnd", slices.Concat(
		oneOf("households", "persons", "labour_days", "quantity", "value_vnd"),
		[]check{"households spares", check("given " + noneBut("") + ": households complains")}), ""},
	{"welfare_activity value_vnd", "whole đồng", []check{"value_vnd takes 0 | 25000000 | 163400000000", "value_vnd refuses 1.5 | 1,5 | -1 | 163.400.000.000 | 2 tỷ"}, ""},
	{"blood_donation", "left out: no donor names or health data", nil, "no such question: TestFieldsOfTheSeed"},
	{"blood_donation donors", "<= registered", []check{"given registered=52: donors takes 52 | 0", "given registered=52: donors refuses 53", "given registered=40: donors complains"}, ""},
	{"id_card_drive", "left out: no personal record of any applicant; those live in the national system", nil, "no such question: TestFieldsOfTheSeed"},
	{"training passed", "<= attendees", []check{"given attendees=20: passed takes 20 | 0", "given attendees=20: passed refuses 21"}, ""},
	{"directive secrecy", "classified documents (Mật and above) are refused: not for this system", []check{"secrecy takes thuong", "secrecy refuses mat | toi_mat", "secrecy offers thuong", "secrecy withholds mat"}, ""},
	{"directive file", "<= 2 MB, fetched on demand", nil, "said by the hint; size and fetching are the program's"},
	{"directive_followup received_at", "generated: sync", []check{"received_at locked"}, "declared"},
	{"directive_followup read_at", "generated: on opening", []check{"read_at locked"}, "declared"},
	{"directive_followup progress", "computed when the task has an indicator", []check{
		"progress is 65", "progress locked", "progress takes 0 | 100", "progress refuses -1 | 101", "given task=t2; progress_stated=40: progress is 40", "given task=t1: progress_stated hides", "given task=t2: progress_stated shows",
		"given task=: progress_stated hides", "given task=t2: progress_stated needs", "given task=t2: progress_stated takes 0 | 100", "given task=t2: progress_stated refuses -1 | 101",
		"given task=t2; progress_stated=: progress complains", "given without=directive_tasks.csv; progress_stated=30: progress is 30",
	}, ""},
	{"flash_report known_at", ">= happened_at", []check{
		"known_at takes 2026-11-15T22:10:00.000+07:00 | 2026-11-16T08:59:00.000+07:00", "known_at refuses 2026-11-15T22:09:00.000+07:00 | 2026-11-16T09:01:00.000+07:00",
		"known_at takes 2026-11-15T15:11:00.000Z", "known_at refuses 2026-11-15T15:09:00.000Z",
	}, ""},
	{"flash_report first_sent_at", "generated: server", []check{"first_sent_at locked"}, "declared generated by the centre"},
	{"flash_report summary", "<=500 characters, no names: < 1 KB on the wire", []check{
		check("summary takes " + strings.Repeat("ặ", 500)), check("summary refuses " + strings.Repeat("ặ", 501)),
	}, "names: said by the hint. 500 letters of Vietnamese may be over 1 KB before compression"},
	{"commune_profile", "left out: no breakdown of residents by ethnicity, religion or opinion", nil, "no such question: TestFieldsOfTheSeed"},
	{"commune_profile pop", "warn unless 1.5 <= pop/hh <= 8", []check{
		"pop_warning hides", "given hh=100; pop=149: pop_warning shows", "given hh=100; pop=150: pop_warning hides", "given hh=100; pop=800: pop_warning hides",
		"given hh=100; pop=801: pop_warning shows", "given hh=; pop=801: pop_warning hides",
	}, ""},
	{"periodic_report values", `frozen copy with record count, source query hash; late records go to "bổ sung sau chốt"`, nil, "the centre freezes them; declared generated by the centre"},
}

// noneBut empties the five figures of which a welfare record needs one, but for one.
func noneBut(name string) string {
	var given []string
	for _, n := range []string{"households", "persons", "labour_days", "quantity", "value_vnd", "output"} {
		if n != name {
			given = append(given, n+"=")
		}
	}
	return strings.Join(given, "; ")
}

// oneOf says of each name: it is needed when the others are empty, and spared when any other is there.
func oneOf(names ...string) (all []check) {
	for i, name := range names {
		all = append(all, check("given "+noneBut("")+": "+name+" needs"))
		for _, other := range slices.Delete(slices.Clone(names), i, i+1) {
			all = append(all, check("given "+noneBut(other)+": "+name+" spares"))
		}
	}
	return all
}

// seedText are the rules of the seed as seedRules writes them.
func seedText(t *testing.T) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	add := func(where, says string) {
		if says != "" {
			texts[where+": "+says] = true
		}
	}
	for _, r := range readSeed(t).RecordTypes {
		add(r.ID, r.Rule)
		for _, p := range r.PrivacyRules {
			add(r.ID, p)
		}
		if r.LeftOut != "" {
			add(r.ID, "left out: "+r.LeftOut)
		}
		r.each(func(path string, f seedField) {
			where := r.ID + " " + path
			add(where, f.Rule)
			add(where, f.Note)
			if f.Privacy != "" {
				add(where, "privacy: "+f.Privacy)
			}
			if f.Versioned {
				add(where, "versioned")
			}
			switch f.Generated {
			case "sync", "on opening", "server":
				add(where, "generated: "+f.Generated)
			default:
				add(where, f.Generated)
			}
		})
	}
	return texts
}

// TestEveryRuleOfTheSeed: no rule of the seed is forgotten, and each went somewhere.
func TestEveryRuleOfTheSeed(t *testing.T) {
	texts := seedText(t)
	seen := map[string]bool{}
	for _, r := range seedRules {
		key := r.where + ": " + r.says
		if seen[key] = true; !texts[key] {
			t.Errorf("the seed has no rule %q", key)
		}
		if len(r.checks) == 0 && r.left == "" {
			t.Errorf("%s: neither in the form nor left to anybody", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !seen[key] {
			t.Errorf("nobody took care of %q", key)
		}
	}
	t.Logf("%d rules of the seed", len(texts))
}

// moreRules are the rules that the seed leaves to common sense, by form: days that follow each other, parts and wholes,
// answers that need another, rows.
var moreRules = map[string][]check{
	"awareness_session": {
		"occurred_on takes 2026-11-16 | 2020-01-31", "occurred_on refuses 2026-11-17 | 2027-01-01", "occurred_on needs",
		"count_method shows", "given participants_total=: count_method hides", "given method=xe_loa; participants_total=: count_method hides",
		"questions_raised shows", "given method=xe_loa: questions_raised hides", "given method=xe_loa: questions_answered hides", "given method=tai_nha: questions_answered shows",
		"given participants_total=325745: participants_total complains", // a year of a province in one session
		"participants_total asks Số lượt người tham dự",
		"given venue=v2: venue_type is truong_hoc", "given venue=v2; venue_type=cho: venue_type is cho", // taken from the register, and an officer may set another
		"given venue=: venue_type is lang", "given without=venues.csv; venue_type=cho; venue=v2: venue_type is cho",
	},
	"media_item": {"published_on refuses 2026-11-17", "published_on takes 2026-11-16"},
	"tip": {
		"occurred_on refuses 2026-11-17", "given assessed_on=: assessed_value spares", "given assessed_on=2026-11-12: assessed_value needs",
		"assessed_on takes 2026-11-11", "assessed_on refuses 2026-11-10 | 2026-11-17", "closed_on takes 2026-11-11", "closed_on refuses 2026-11-10 | 2026-11-17",
		"handed_to shows", "given outcome=giai_quyet: handed_to hides", "handed_to offers ca_huyen",
	},
	"citizen_reception": {"occurred_on refuses 2026-11-17"},
	"petition": {
		"received_on refuses 2026-11-17", "due_on takes 2026-07-02", "due_on refuses 2026-07-01", "extended_to takes 2026-08-16", "extended_to refuses 2026-08-15",
		"given resolved_on=: result spares", "result needs", "notified_on takes 2026-07-02", "notified_on refuses 2026-07-01 | 2026-11-17",
	},
	"dialogue": {
		"occurred_on refuses 2026-11-17", "given issues[2]/done_on=: issues[2]/answer spares", "given issues[2]/done_on=2026-11-01: issues[2]/answer needs",
		"issues[1]/due_on takes 2026-10-20", "issues[1]/due_on refuses 2026-10-19", "issues[1]/done_on takes 2026-10-20", "issues[1]/done_on refuses 2026-10-19 | 2026-11-17",
		"issues[1]/issue needs", "issues_missing hides", "given issues=0: issues_missing shows", "given issues=0: issues_missing complains",
	},
	"venue_register":  {"occurred_on refuses 2026-11-17"},
	"self_mgmt_group": {"founded_on refuses 2026-11-17", "households refuses 0", "members refuses 0"},
	"model": {
		"started_on refuses 2026-11-17", "budget_vnd takes 0 | 100000000", "budget_vnd refuses 1.5 | năm triệu", "ended_on shows", "given status=active: ended_on hides",
		"ended_on takes 2024-03-01", "ended_on refuses 2024-02-29 | 2026-11-17",
	},
	"evaluation": {
		"occurred_on refuses 2026-11-17", "remedy_due takes 2026-10-05", "remedy_due refuses 2026-10-04", "scores[1]/score takes 0 | 10", "scores[1]/score refuses -1 | 11",
		"scores[1]/criterion refuses c2", "scores[1]/criterion takes c1", "scores_missing hides", "given scores=0: scores_missing shows", "given scores=0: scores_missing complains",
	},
	"recognition": {"decided_on refuses 2026-11-17"},
	"weapon_handover": {
		"occurred_on refuses 2026-11-17", "handed_on takes 2026-11-03", "handed_on refuses 2026-11-02 | 2026-11-17",
		"items_missing hides", "given items=0: items_missing shows", "given items=0: items_missing complains", "given items=0: guns is 0",
	},
	"welfare_activity": {
		"occurred_on refuses 2026-11-17", "labour_days takes 0 | 0.5 | 10000000", "labour_days refuses -1 | 10000001", "quantity takes 0.05 | 1350", "quantity refuses 0 | -1",
		"given output=school: quantity takes 377", "given output=school: quantity refuses 0.5", "given quantity=: output spares", "output needs",
	},
	"blood_donation": {"occurred_on refuses 2026-11-17"},
	"id_card_drive": {
		"occurred_on refuses 2026-11-17", "given target=0: issued_percent is ", "given issued=: issued_percent is ", "given target=8574; issued=8328: issued_percent is 97.13",
		"given target=204; issued=204: issued_percent is 100", "given target=100; issued=120: issued_percent is 120", "given target=800; issued=1: issued_percent is 0.13", // 0.125: half up
	},
	"commune_staffing": {
		"as_of refuses 2026-11-17", "language_skills[1]/certified takes 4", "language_skills[1]/certified refuses 5", "language_skills[2]/language refuses jra", "language_skills[2]/language takes vi",
		"language_skills[1]/speakers needs", "language_skills[1]/language needs", "given language_skills[3]/language=: language_skills[3]/speakers spares", "given language_skills[3]/language=: language_skills[3]/language spares",
	},
	"training": {
		"occurred_on refuses 2026-11-17", "hours takes 0.5 | 2000", "hours refuses 0 | 2000.5", "language shows", "given topic=phap_luat: language hides",
	},
	"directive": {
		"issued_on refuses 2026-11-17", "tasks[1]/due_on takes 2026-02-15", "tasks[1]/due_on refuses 2026-02-14", "tasks[1]/target_value takes 0 | 97.61 | 999999999", "tasks[1]/target_value refuses -1 | 1000000000",
		"tasks_missing hides", "given tasks=0: tasks_missing shows", "given tasks=0: tasks_missing complains",
	},
	"directive_followup": {"occurred_on refuses 2026-11-17", "done_on refuses 2026-11-17", "done_on takes 2026-11-16", "given task=t9; progress_stated=: progress_stated needs"},
	"flash_report": {
		"happened_at refuses 2026-11-16T09:01:00.000+07:00", "happened_at takes 2026-11-16T08:59:00.000+07:00",
		"updates[1]/at takes 2026-11-15T22:10:00.000+07:00", "updates[1]/at refuses 2026-11-15T22:09:00.000+07:00 | 2026-11-16T09:01:00.000+07:00",
		"ack[1]/at refuses 2026-11-16T09:01:00.000+07:00", "closed_at takes 2026-11-15T22:10:00.000+07:00", "closed_at refuses 2026-11-15T22:09:00.000+07:00 | 2026-11-16T09:01:00.000+07:00",
		"updates[1]/text needs", "updates[1]/at needs", "given updates[1]/at=; updates[1]/text=: updates[1]/text spares", "given updates[1]/at=; updates[1]/text=: updates[1]/at spares",
		"ack[1]/unit needs", "ack[1]/at needs", "given ack[1]/unit=; ack[1]/at=; ack[1]/instruction=: ack[1]/unit spares", "given ack[1]/unit=; ack[1]/at=; ack[1]/instruction=: ack[1]/at spares",
	},
	"proposal": {
		"sent_on refuses 2026-11-17", "answered_on takes 2026-09-01", "answered_on refuses 2026-08-31 | 2026-11-17", "given answered_on=: answer spares", "answer needs",
		"directive shows", "given answer=dong_y: directive shows", "given answer=khong: directive hides", "given answer=: directive hides",
	},
	"joint_programme": {
		"occurred_on refuses 2026-11-17", "to takes 2026-03-01", "to refuses 2026-02-28", "tasks[1]/lead offers ban_dan_van | cong_an | mttq", "tasks[1]/lead withholds quan_doi | ubnd",
		"tasks_missing hides", "given tasks=0: tasks_missing shows", "given tasks=0: tasks_missing complains",
	},
	"joint_activity": {
		"occurred_on refuses 2026-11-17", "days takes 15 | 30", "days refuses 0 | 367", "findings[1]/due_on takes 2026-07-10", "findings[1]/due_on refuses 2026-07-09",
		"findings[1]/done_on takes 2026-07-10", "findings[1]/done_on refuses 2026-07-09 | 2026-11-17", "findings[1]/text needs", "findings[1]/owner needs", "findings[1]/due_on needs",
		"given findings[2]/text=: findings[2]/text spares", "given findings[2]/text=: findings[2]/owner spares", "given findings[2]/text=: findings[2]/due_on spares",
	},
	"movement_event": {"occurred_on refuses 2026-11-17"},
	"commune_profile": {
		"as_of refuses 2026-11-17", "given hh=0: persons_per_household is ", "given hh=1045; pop=: persons_per_household is ", "businesses[1]/kind takes gas", "businesses[1]/kind refuses food",
		"businesses[1]/count needs", "businesses[1]/kind needs", "given businesses[3]/kind=: businesses[3]/count spares", "given businesses[3]/kind=: businesses[3]/kind spares",
	},
	"periodic_report": {"cutoff refuses 2026-11-17", "period takes 2026 | 2026-12", "period refuses 2026-00 | 2026-H3 | sáu tháng"},
}

// published are figures of the articles: each is an answer that its question takes.
var published = map[string][]check{
	"awareness_session": {"participants_total takes 152"}, // 325.745 people at 2.137 places
	"weapon_handover": {
		"items[1]/quantity takes 3 | 31 | 12 | 153 | 428", "given items[1]/kind=round: items[1]/quantity takes 3089", "items[2]/quantity takes 180",
	},
	"blood_donation":    {"given registered=3200: donors takes 3100"},
	"commune_profile":   {"hh takes 1045", "pop takes 3472", "temp takes 1000 | 4000", "businesses[1]/count takes 9 | 89 | 5 | 100 | 17 | 2"},
	"self_mgmt_group":   {"households takes 30"},
	"citizen_reception": {"visits takes 7830"},
	"welfare_activity":  {"labour_days takes 368800", "quantity takes 1350", "households takes 4430", "persons takes 1630", "staff_turnout takes 30460", "value_vnd takes 163400000000"},
	"joint_activity":    {"days takes 15"},
	"commune_staffing":  {"regular_officers takes 5"},
}

// TestRules asks every check, and then whether every expression of every form was asked in both ways.
func TestRules(t *testing.T) {
	asked := map[string]bool{} // form, path, verb
	run := func(id string, c check) {
		t.Run(fmt.Sprintf("%s/%.60s", id, strings.ReplaceAll(string(c), "/", "⁄")), func(t *testing.T) {
			asked[c.about(id)] = true
			for _, wrong := range c.ask(t, mustForms(t)[id]) {
				t.Error(wrong)
			}
		})
	}
	n := 0
	for id, all := range allChecks(t) {
		n += len(all)
		for _, c := range all {
			run(id, c)
		}
	}
	t.Logf("%d checks", n)
	wantAllAsked(t, asked)
}

// allChecks are the checks of each form.
func allChecks(t *testing.T) map[string][]check {
	all := map[string][]check{}
	for _, r := range seedRules {
		id, _, _ := strings.Cut(r.where, " ")
		all[id] = append(all[id], r.checks...)
	}
	definitions, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range definitions {
		all[d.ID] = slices.Concat(all[d.ID], moreRules[d.ID], published[d.ID], typeChecks(t, d, mustForms(t)[d.ID]))
	}
	return all
}

// parts takes a check apart.
func (c check) parts() (given []string, path, verb, arg string) {
	text := string(c)
	if rest, ok := strings.CutPrefix(text, "given "); ok {
		before, after, _ := strings.Cut(rest, ": ")
		given, text = strings.Split(before, "; "), after
	}
	path, text, _ = strings.Cut(text, " ")
	verb, arg, _ = strings.Cut(text, " ")
	return given, path, verb, arg
}

// about names what a check asks: form, path and verb.
func (c check) about(id string) string {
	_, path, verb, _ := c.parts()
	return id + " " + fieldPath(path) + " " + verb
}

// ask asks a check of a form, and returns what is wrong.
func (c check) ask(t *testing.T, f *xform.Form) (wrong []string) {
	t.Helper()
	given, path, verb, arg := c.parts()
	m := officers
	for _, g := range given {
		if keys, ok := strings.CutPrefix(g, "keys="); ok {
			m.keys = keys
		}
		if list, ok := strings.CutPrefix(g, "without="); ok {
			m.without = list
		}
	}
	s, err := f.New(m.env())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range readExample(t, f.ID) {
		if !l.expected {
			grow(s, l.path)
			s.Store(ref(l.path), xform.Text(l.value))
		}
	}
	for _, g := range given {
		put(t, s, g)
	}
	if _, ok := s.State(ref(path)); !ok {
		t.Fatalf("%s has no question %s", f.ID, path)
	}
	for a := range strings.SplitSeq(arg, " | ") {
		if w := one(t, s, path, verb, a); w != "" {
			wrong = append(wrong, fmt.Sprintf("%.200s: %s", c, w))
		}
	}
	return wrong
}

// put stores an answer; "items=0" takes all rows away.
func put(t *testing.T, s *xform.Session, given string) {
	t.Helper()
	path, value, ok := strings.Cut(given, "=")
	if !ok {
		t.Fatalf("cannot read %q", given)
	}
	if path == "keys" || path == "without" {
		return
	}
	if f := s.Form().Field("/data/" + path); f != nil && f.IsRepeat() && value == "0" {
		for s.Instances(ref(path)) > 0 {
			s.RemoveRepeat(ref(path))
		}
		return
	}
	grow(s, path)
	if outcome, _ := s.Store(ref(path), xform.Text(value)); outcome != xform.OK {
		t.Fatalf("%s: %v", given, outcome)
	}
}

// one asks one check of one answer, and returns what is wrong.
func one(t *testing.T, s *xform.Session, path, verb, arg string) string {
	t.Helper()
	at := ref(path)
	state, _ := s.State(at)
	answer := func(text string, want xform.Outcome) string {
		got, _ := s.Answer(at, xform.Text(text))
		switch {
		case !state.Relevant:
			return "the question is not asked"
		case got != want:
			return fmt.Sprintf("%.40q: %v", text, got)
		case want == xform.ConstraintViolated && s.Message(at, state.Field.Bind().ConstraintMsg) == "",
			want == xform.RequiredButEmpty && s.Message(at, state.Field.Bind().RequiredMsg) == "":
			return "no message"
		}
		return ""
	}
	unless := func(ok bool, format string, args ...any) string {
		if ok {
			return ""
		}
		return fmt.Sprintf(format, args...)
	}
	switch verb {
	case "takes":
		return answer(arg, xform.OK)
	case "refuses":
		return answer(arg, xform.ConstraintViolated)
	case "needs":
		return answer("", xform.RequiredButEmpty)
	case "spares":
		return answer("", xform.OK)
	case "shows", "hides":
		return unless(state.Relevant == (verb == "shows"), "relevant is %v", state.Relevant)
	case "offers", "withholds":
		choices, _ := s.Choices(at)
		has := slices.ContainsFunc(choices, func(c xform.Choice) bool { return c.Value == arg })
		return unless(has == (verb == "offers"), "the choices are %v", choices)
	case "is":
		return unless(state.Value.Text == arg, "the value is %q", state.Value.Text)
	case "complains":
		problems, _ := s.Validate()
		has := slices.ContainsFunc(problems, func(p xform.Problem) bool { return p.Ref == state.Ref && p.Message != "" })
		return unless(has, "the problems are %v", problems)
	case "locked":
		return unless(state.ReadOnly, "people can change it")
	case "asks":
		label := strings.TrimSpace(s.Label(findItem(s.Form().Body, state.Field), at))
		return unless(label == arg, "the label is %q", label)
	}
	t.Fatalf("unknown verb %q", verb)
	return ""
}

func findItem(items []*xform.Item, f *xform.Field) *xform.Item {
	for _, it := range items {
		if it.Type == xform.Question && it.Field == f {
			return it
		}
		if found := findItem(it.Items, f); found != nil {
			return found
		}
	}
	return nil
}

// longer are the texts whose own rule is stricter than that of their type.
var ownLength = []string{"flash_report summary", "evaluation period", "periodic_report period", "welfare_activity value_vnd", "model budget_vnd"}

// companions are what else must be put in so that a number may be as large as its range allows.
var companions = map[string]string{
	"awareness_session questions_answered": "questions_raised=1000", "blood_donation donors": "registered=100000", "training passed": "attendees=10000",
	"commune_staffing language_skills[1]/certified": "language_skills[1]/speakers=10000", "directive_followup progress_stated": "task=t2", "directive_followup progress": "task=t1",
}

// typeChecks are what holds of every question of a type: texts have a limit; whole numbers have a range, whose ends they
// take, and are neither negative nor billions; what must not lie ahead may be today, or now.
func typeChecks(t *testing.T, d *Definition, f *xform.Form) (all []check) {
	ranges := map[string][]int64{}
	d.each(func(q *Question) { ranges[q.Name] = q.Range })
	for _, it := range questions(f.Body) {
		path := strings.TrimPrefix(it.Field.Path(), "/data/")
		_, child, inRow := strings.Cut(path, "/")
		if inRow {
			path = strings.Replace(path, "/", "[1]/", 1)
		} else {
			child = path
		}
		add := func(format string, args ...any) {
			given := ""
			if with := companions[d.ID+" "+path]; with != "" {
				given = "given " + with + ": "
			}
			all = append(all, check(given+path+" "+fmt.Sprintf(format, args...)))
		}
		b := it.Field.Bind()
		switch kind := it.Field.Kind(); {
		case it.Control != "input" || b.ReadOnly == "true()" && b.Calculate == "":
		case kind == xform.Integer:
			ends := ranges[child]
			if len(ends) != 2 || ends[0] < 0 || ends[1] >= 1e9 {
				t.Fatalf("%s %s: the range is %v", d.ID, path, ends)
			}
			add("takes %d | %d", ends[0], ends[1])
			add("refuses %d | %d | -1 | 999999999", ends[0]-1, ends[1]+1)
		case kind == xform.String && !slices.Contains(ownLength, d.ID+" "+path):
			most := maxText
			if strings.Contains(it.Appearance, "multiline") {
				most = maxLongText
			}
			add("takes %s", strings.Repeat("ữ", most))
			add("refuses %s", strings.Repeat("ữ", most+1))
		case kind == xform.Date && strings.Contains(b.Constraint, "today()"):
			add("takes 2026-11-16")
			add("refuses 2026-11-17")
		case kind == xform.DateTime && strings.Contains(b.Constraint, "now()"):
			add("takes 2026-11-16T09:00:00.000+07:00")
			add("refuses 2026-11-16T09:00:00.001+07:00")
		}
	}
	return all
}

func questions(items []*xform.Item) (all []*xform.Item) {
	for _, it := range items {
		if it.Type == xform.Question {
			all = append(all, it)
		}
		all = append(all, questions(it.Items)...)
	}
	return all
}

// wantAllAsked: each expression of each form was asked in both ways; what the examples fill in counts as taken, shown and
// computed.
func wantAllAsked(t *testing.T, asked map[string]bool) {
	for id, f := range mustForms(t) {
		for _, l := range readExample(t, id) {
			if l.expected {
				asked[id+" "+fieldPath(l.path)+" is"] = true
			} else {
				asked[id+" "+fieldPath(l.path)+" takes"] = true
				asked[id+" "+fieldPath(l.path)+" shows"] = true
			}
		}
		for _, field := range f.Fields() {
			b := field.Bind()
			if b == nil || strings.HasPrefix(field.Path(), "/data/meta") {
				continue
			}
			need := func(expression string, verbs ...string) {
				for _, v := range verbs {
					if expression != "" && !asked[id+" "+field.Path()+" "+v] {
						t.Errorf("%s %s: nobody asked whether it %s: %s", id, field.Path(), v, expression)
					}
				}
			}
			need(b.Constraint, "takes", "refuses")
			need(b.Relevant, "shows", "hides")
			need(b.Calculate, "is")
			if it := findItem(f.Body, field); b.ReadOnly != "true()" || it != nil && !strings.HasSuffix(field.Path(), "_warning") &&
				!strings.HasSuffix(field.Path(), "_off") && !strings.HasSuffix(field.Path(), "_missing") { // which are notes
				need(b.ReadOnly, "locked")
			}
			if b.Required != "true()" {
				need(b.Required, "needs", "spares")
			}
		}
	}
}

// TestRequiredOfTheSeed: what the seed calls required cannot be left empty, and no more than that is asked, but for what
// requiredElsewhere explains.
func TestRequiredOfTheSeed(t *testing.T) {
	n := 0
	for _, r := range readSeed(t).RecordTypes {
		s := officers.open(t, r.ID)
		fill(t, s, r.ID)
		r.each(func(path string, f seedField) {
			at := path
			if repeat, child, ok := strings.Cut(path, "/"); ok {
				at = repeat + "[1]/" + child
			}
			if f.Type == "children" {
				return // a required repeat needs a row: moreRules
			}
			if why := requiredElsewhere[r.ID+" "+path]; why != "" {
				return
			}
			state, ok := s.State(ref(at))
			if !ok {
				t.Errorf("%s: no question %s", r.ID, path)
				return
			}
			if state.Required != f.Required {
				t.Errorf("%s %s: required is %v, in the seed %v", r.ID, path, state.Required, f.Required)
			}
			n++
		})
	}
	t.Logf("%d fields", n)
}

// requiredElsewhere are the fields whose being required is not as the seed has it, and why.
var requiredElsewhere = map[string]string{
	"tip receipt_code":               "the program fills it in; nobody is asked",
	"petition receipt_code":          "the program fills it in; nobody is asked",
	"directive_followup received_at": "sync fills it in",
	"flash_report first_sent_at":     "the centre fills it in",
	"periodic_report values":         "the centre fills it in",
	"periodic_report units_missing":  "the centre fills it in",
	"tip assessed_value":             "needed once there is a day of assessment",
	"petition result":                "needed once there is a day of resolution",
	"dialogue issues/answer":         "needed once the issue is done",
	"proposal answer":                "needed once there is a day of the answer",
	"welfare_activity output":        "needed to say what the quantity counts",
	"evaluation rating":              "computed, so that only the scores can be missing",
}

// The seed, as far as the tests read it.
type seedFile struct {
	RecordTypes []seedType  `json:"record_types"`
	Common      []seedField `json:"common_fields"`
	Lookups     map[string]struct {
		Seed []seedOption `json:"seed"`
	} `json:"lookups"`
}

type seedType struct {
	ID           string      `json:"id"`
	Rule         string      `json:"rule"`
	PrivacyRules []string    `json:"privacy_rules"`
	LeftOut      string      `json:"left_out"`
	Feeds        []string    `json:"feeds_indicators"`
	Fields       []seedField `json:"fields"`
}

type seedField struct {
	Key       string       `json:"key"`
	Type      string       `json:"type"`
	Required  bool         `json:"required"`
	Rule      string       `json:"rule"`
	Note      string       `json:"note"`
	Privacy   string       `json:"privacy"`
	Generated string       `json:"generated"`
	Versioned bool         `json:"versioned"`
	Lookup    string       `json:"lookup"`
	SameAs    string       `json:"same_as"`
	Options   []seedOption `json:"options"`
	Children  []seedField  `json:"children"`
}

type seedOption struct {
	Code string `json:"code"`
	Unit string `json:"unit"`
}

// each visits the fields of a type and those of its repeats, by path.
func (r seedType) each(visit func(path string, f seedField)) {
	for _, f := range r.Fields {
		visit(f.Key, f)
		for _, child := range f.Children {
			visit(f.Key+"/"+child.Key, child)
		}
	}
}

// readSeed reads the copy of the seed beside the tests.
func readSeed(t testing.TB) seedFile {
	t.Helper()
	text, err := os.ReadFile("testdata/seed_forms.json")
	if err != nil {
		t.Fatal(err)
	}
	var seed seedFile
	if err := json.Unmarshal(text, &seed); err != nil {
		t.Fatal(err)
	}
	return seed
}

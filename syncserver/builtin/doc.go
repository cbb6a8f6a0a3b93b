// Package builtin owns the forms that come with the product: what the 26 record types ask, as data, and the making of the
// spreadsheets and XForms that are committed beside them.
//
//	definitions/*.json   what people edit: one file a form, and lists.json with the choices that several forms share
//	xlsx/*.xlsx          the same as XLSForms, for staff to copy and change, and for ODK tools (go generate)
//	shared/form/builtin  the XForms, and an index of them, that both programs carry (go generate)
//
// A definition says what is particular to a form. What is true of every form is added here, once: the words of an empty
// required question, the limits of a text, the row that a required repeat must have, the notice and the condition of a
// sealed question, the lists that an expression reads, how a title writes dates and figures. So a spreadsheet says more than
// its definition. That they hold to the rules of all forms is tested in package publish.
//
// # Questions that are not asked
//
// Of the fields that every record carries, a form asks the day of the event (by whatever name; event_date says which) and
// the note, and the village where a form has no place of its own and is not about a whole commune, a document, or a
// citizen's business. The identity, the unit, the times of writing and of receipt, the author and the life cycle of a
// record are kept by the program and asked of nobody.
//
// # Files that a client provides
//
// Questions about places, units and other records take their choices from lists beside the form (List). A list has the
// columns name and label, and those that expressions read:
//
//	venues            type, participants_median   places of the register; the median of the attendances there
//	legal_terms       type, days, valid_from, valid_to   how long a petition of a type may take, and when that law holds
//	evaluations       subject, period             of the unit, without the record that is being filled in
//	self_mgmt_groups  households                  of the commune, without the record that is being filled in
//	directive_tasks   indicator, progress         progress as the reports compute it, where an indicator measures the task
//
// A form without its lists opens: what they would check or fill in is left to people.
//
// # What the form language cannot say
//
// These rules of the record types are for the programs: that a photograph has at most 300 KB and no EXIF, a file at most 2
// MB fetched on demand; that a receipt code is random, shown once, and kept as a keyed hash (decision 21); that sealing
// happens, needs two people to undo, and that nothing sealed is in an index, log, export or notification; that a petition
// against an officer goes to the oversight compartment (the form refuses it where the machine cannot do that); that the
// screen of tips locks after two minutes; that small counts are hidden; that a person's source is destroyed in time; that
// a unit is the version valid on the day; that a flash report is offered in one click and leaves first; that the values of
// a periodic report are frozen with their query. Where a form can hint at such a rule it does.
//
// Warnings (a figure that is unlikely, not wrong) are notes that show while the figure stands.
//
// On phones (JavaRosa) two things are weaker than in our own clients: that two rows must differ is noticed when the form is
// finished, not at once; and a question that needs a key of ours is never shown, because phones have none.
//
// # Where the seed is at odds with itself, or says too little
//
// The seed is seed_forms.json; its indicators are those of seed_facts.json.
//
//   - "214 fields" counts those of repeats as one each; with their rows there are 246.
//   - Choices without choices: tasks/lead of joint_programme (here: the parties of the programme), tasks/period there (our
//     codes: hang_thang, hang_quy, sau_thang, hang_nam, dot_xuat), language_skills/language of commune_staffing (here: the
//     languages).
//   - References to nothing: directive of proposal, parent of joint_programme and programme of joint_activity name no record
//     type (here: directives, programmes); criterion, template, prepared_by, approved_by and evidence have none (here:
//     lists of the client).
//   - The list of languages is the province's; the forms carry the three of the seed, in both languages. A province that
//     has others publishes a version of its own.
//   - The codes of campaign in blood_donation are sentences with spaces. They are kept: one is chosen, never several.
//   - The common field status (life cycle) has the name of a field of self_mgmt_group and model. It is the program's.
//   - A loudspeaker vehicle counts nobody, yet count_method, questions_raised and questions_answered are required: they are
//     asked where people were counted or met.
//   - protected is no category; such fields are sensitive here.
//   - tip and petition are visible upward with dates and status; decision 7 allows aggregates only, and wins.
//   - A receipt code is a random text; by decision 21 a record holds its keyed hash. The program fills it in.
//   - A summary of 500 letters is to be below 1 KB on the wire: in Vietnamese only when compressed.
//   - Not said: after how many days a source is destroyed (here 90), how long other things are kept, from which score a
//     rating is good, fair or average (here 8, 6.5, 5), how a period is written (here 2026, 2026-H1, 2026-Q3, 2026-07),
//     what the greatest sensible figure of a question is.
//   - parent_unit of venue_register, by hand left out as the unit of the record, is asked, as the seed has it.
//   - Kinds of directives that the articles name (thông tri, quyết định) have no code.
//   - Indicators that no form can feed as they are written: MODEL_EXEMPLARY reads exemplary and theme_group, GRP_COVER
//     commune_profile.households (it is hh), PROFILE_KARAOKE and its like columns that are rows of businesses, WPN_GUN a kind
//     gun (here: guns), AW_PLACES venue_id (it is venue), STAFF_COVER a minimum (it may be required), WF_MARCH_DAYS waves, and
//     does not ask for the kind of activity. WPN_* says "voluntarily" and counts all ways; WF_ROAD says canals and
//     counts roads.
package builtin

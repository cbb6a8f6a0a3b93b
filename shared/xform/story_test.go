package xform

import (
	"slices"
	"strings"
	"testing"
)

const head = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms">`

// visitForm is what an officer fills in on a visit to a household in the hills.
const visitForm = head + `
<h:head><h:title>Thăm hộ gia đình</h:title>
<model>
  <itext>
    <translation lang="Tiếng Việt (vi)" default="true()">
      <text id="chu_ho"><value>Họ tên chủ hộ</value></text>
      <text id="tuoi"><value>Tuổi của <output value=" ../ten "/></value><value form="image">jr://images/tuoi.png</value></text>
      <text id="tuoi:hint"><value>Tính theo năm sinh</value><value form="guidance">Nếu không nhớ, hỏi năm con giáp.</value></text>
      <text id="tuoi:msg"><value>Tuổi phải từ 0 đến 120</value></text>
      <text id="tinh-0"><value>Hà Giang</value></text>
      <text id="tinh-1"><value>Lào Cai</value></text>
    </translation>
    <translation lang="English (en)">
      <text id="chu_ho"><value>Name of the head of the household</value></text>
      <text id="tuoi"><value>Age of <output value=" ../ten "/></value></text>
      <text id="tuoi:msg"><value>The age must be between 0 and 120</value></text>
      <text id="tinh-0"><value>Ha Giang</value></text>
      <text id="tinh-1"><value>Lao Cai</value></text>
    </translation>
  </itext>
  <instance><tham id="tham_ho" orx:version="2026112101">
    <tinh/><huyen/><chu_ho/>
    <nguoi jr:template=""><ten/><tuoi/><di_hoc/></nguoi>
    <so_nguoi/><so_tre/><ghi_chu/>
    <orx:meta><orx:instanceID/><orx:instanceName/></orx:meta>
  </tham></instance>
  <instance id="tinh"><root>
    <item><itextId>tinh-0</itextId><name>hg</name></item><item><itextId>tinh-1</itextId><name>lc</name></item>
  </root></instance>
  <instance id="huyen"><root>
    <item><name>dong_van</name><label>Đồng Văn</label><tinh>hg</tinh></item>
    <item><name>meo_vac</name><label>Mèo Vạc</label><tinh>hg</tinh></item>
    <item><name>sa_pa</name><label>Sa Pa</label><tinh>lc</tinh></item>
  </root></instance>
  <bind nodeset="/tham/tinh" type="string" required="true()"/>
  <bind nodeset="/tham/huyen" type="string" required="true()" relevant=" /tham/tinh != '' "/>
  <bind nodeset="/tham/chu_ho" type="string" required="true()" jr:requiredMsg="Phải có tên chủ hộ"/>
  <bind nodeset="/tham/nguoi/ten" type="string"/>
  <bind nodeset="/tham/nguoi/tuoi" type="int" constraint=". &gt;= 0 and . &lt;= 120" jr:constraintMsg="jr:itext('tuoi:msg')"/>
  <bind nodeset="/tham/nguoi/di_hoc" type="string" relevant=" ../tuoi &gt;= 6 and ../tuoi &lt; 18 "/>
  <bind nodeset="/tham/so_nguoi" type="int" calculate="count(/tham/nguoi)"/>
  <bind nodeset="/tham/so_tre" type="int" calculate="count(/tham/nguoi[tuoi &lt; 18])"/>
  <bind nodeset="/tham/ghi_chu" type="string" readonly=" /tham/so_tre = 0 "/>
  <bind nodeset="/tham/orx:meta/orx:instanceID" type="string" jr:preload="uid"/>
  <bind nodeset="/tham/orx:meta/orx:instanceName" type="string" calculate="concat('Hộ ', /tham/chu_ho)"/>
</model></h:head>
<h:body>
  <select1 ref="/tham/tinh"><label>Tỉnh</label>
    <itemset nodeset="instance('tinh')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
  <select1 ref="/tham/huyen"><label>Huyện</label>
    <itemset nodeset="instance('huyen')/root/item[tinh = /tham/tinh ]"><value ref="name"/><label ref="label"/></itemset></select1>
  <input ref="/tham/chu_ho"><label ref="jr:itext('chu_ho')"/></input>
  <group ref="/tham/nguoi"><label>Người trong hộ</label><repeat nodeset="/tham/nguoi">
    <input ref="/tham/nguoi/ten"><label>Tên</label></input>
    <input ref="/tham/nguoi/tuoi"><label ref="jr:itext('tuoi')"/><hint ref="jr:itext('tuoi:hint')"/></input>
    <select1 ref="/tham/nguoi/di_hoc"><label>Có đi học không?</label>
      <item><label>Có</label><value>co</value></item><item><label>Không</label><value>khong</value></item></select1>
  </repeat></group>
  <input ref="/tham/ghi_chu"><label>Ghi chú về <output value="/tham/so_tre"/> trẻ em</label></input>
</h:body></h:html>`

// mustStart parses a form and starts a record.
func mustStart(t testing.TB, src string) *Session {
	t.Helper()
	s, err := mustParse(t, src).New(testEnv())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustParse(t testing.TB, src string) *Form {
	t.Helper()
	f, err := Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// says answers a question, which must be allowed.
func says(t testing.TB, s *Session, ref Ref, answer string) Change {
	t.Helper()
	outcome, c := s.Answer(ref, Text(answer))
	if outcome != OK {
		t.Fatalf("%s = %q: %s", ref, answer, outcome)
	}
	return c
}

func want[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wantRefs(t testing.TB, what string, got []Ref, want ...Ref) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// labels are the labels of choices.
func labels(choices []Choice) string {
	var all []string
	for _, c := range choices {
		all = append(all, c.Label)
	}
	return strings.Join(all, ", ")
}

func TestAnOfficerVisitsAHousehold(t *testing.T) {
	s := mustStart(t, visitForm)
	f := s.Form()
	want(t, "title", f.Title, "Thăm hộ gia đình")
	want(t, "id and version", f.ID+" "+f.Version, "tham_ho 2026112101")

	t.Log("She chooses the province; only then there is a district to choose, and only those of the province.")
	st, _ := s.State("/tham/huyen")
	want(t, "district to be asked", st.Relevant, false)
	c := says(t, s, "/tham/tinh", "hg")
	wantRefs(t, "appeared", c.Relevance, "/tham/huyen")
	choices, _ := s.Choices("/tham/huyen")
	want(t, "districts", labels(choices), "Đồng Văn, Mèo Vạc")
	says(t, s, "/tham/huyen", "meo_vac")

	t.Log("It was the other province: the district that she chose is not in it, and is taken out.")
	c = says(t, s, "/tham/tinh", "lc")
	wantRefs(t, "choices that changed", c.Choices, "/tham/huyen")
	choices, c = s.Choices("/tham/huyen")
	want(t, "districts", labels(choices), "Sa Pa")
	wantRefs(t, "taken out", c.Values, "/tham/huyen")
	says(t, s, "/tham/huyen", "sa_pa")

	t.Log("She wants to go on without the name.")
	outcome, _ := s.Answer("/tham/chu_ho", Value{})
	want(t, "without a name", outcome, RequiredButEmpty)
	problems, _ := s.Validate()
	if len(problems) != 1 || problems[0].Ref != "/tham/chu_ho" || problems[0].Message != "Phải có tên chủ hộ" {
		t.Errorf("problems: %v", problems)
	}
	c = says(t, s, "/tham/chu_ho", "Vàng A Páo")
	wantRefs(t, "what follows from the name", c.Values, "/tham/chu_ho", "/tham/meta/instanceName")
	want(t, "the record's name", s.InstanceName(), "Hộ Vàng A Páo")

	t.Log("Two people live there, a woman of 34 and a boy of 9.")
	first, c, _ := s.AddRepeat("/tham/nguoi")
	wantRefs(t, "added", c.Added, "/tham/nguoi[1]")
	wantRefs(t, "counted", c.Values, "/tham/so_nguoi")
	says(t, s, first+"/ten", "Mua")
	says(t, s, first+"/tuoi", "34")
	second, _, _ := s.AddRepeat("/tham/nguoi")
	says(t, s, second+"/ten", "Lử")

	t.Log("She mistypes the age, and is told in her language.")
	outcome, c = s.Answer(second+"/tuoi", Text("190"))
	want(t, "an age of 190", outcome, ConstraintViolated)
	want(t, "nothing changed", c.IsEmpty(), true)
	msg := f.Field("/tham/nguoi/tuoi").Bind().ConstraintMsg
	want(t, "message", s.Message(second+"/tuoi", msg), "Tuổi phải từ 0 đến 120")
	c = says(t, s, second+"/tuoi", "9")
	wantRefs(t, "values", c.Values, second+"/tuoi", "/tham/so_tre")
	wantRefs(t, "appeared", c.Relevance, second+"/di_hoc")
	wantRefs(t, "to be written in now", c.ReadOnly, "/tham/ghi_chu")
	wantRefs(t, "texts", c.Texts, "/tham/ghi_chu")
	says(t, s, second+"/di_hoc", "co")

	t.Log("The record is complete and is sent, without the question that was not for the woman.")
	problems, _ = s.Validate()
	want(t, "problems", len(problems), 0)
	sent := string(s.Submission())
	id := s.InstanceID()
	if !strings.HasPrefix(id, "uuid:") || len(id) != 41 {
		t.Errorf("identity %q", id)
	}
	want(t, "submission", sent, xmlDeclaration+`<tham xmlns="http://www.w3.org/2002/xforms" xmlns:orx="http://openrosa.org/xforms" id="tham_ho" orx:version="2026112101">`+
		`<tinh>lc</tinh><huyen>sa_pa</huyen><chu_ho>Vàng A Páo</chu_ho>`+
		`<nguoi><ten>Mua</ten><tuoi>34</tuoi></nguoi><nguoi><ten>Lử</ten><tuoi>9</tuoi><di_hoc>co</di_hoc></nguoi>`+
		`<so_nguoi>2</so_nguoi><so_tre>1</so_tre><ghi_chu/><orx:meta><orx:instanceID>`+id+`</orx:instanceID><orx:instanceName>Hộ Vàng A Páo</orx:instanceName></orx:meta></tham>`)
}

func TestTheFormSpeaksTwoLanguages(t *testing.T) {
	s := mustStart(t, visitForm)
	f := s.Form()
	want(t, "languages", strings.Join(f.Languages, ", "), "Tiếng Việt (vi), English (en)")
	person, _, _ := s.AddRepeat("/tham/nguoi")
	says(t, s, person+"/ten", "Lử")
	age := f.Body[3].Items[1]
	want(t, "label", s.Label(age, person+"/tuoi"), "Tuổi của Lử")
	want(t, "hint", s.Hint(age, person+"/tuoi"), "Tính theo năm sinh")
	want(t, "guidance", s.Guidance(age, person+"/tuoi"), "Nếu không nhớ, hỏi năm con giáp.")
	want(t, "picture", s.Media(age, person+"/tuoi", "image"), "jr://images/tuoi.png")

	c, ok := s.SetLanguage("English (en)")
	want(t, "language there", ok && c.Language, true)
	want(t, "label", s.Label(age, person+"/tuoi"), "Age of Lử")
	want(t, "a hint that has no translation", s.Hint(age, person+"/tuoi"), "Tính theo năm sinh")
	choices, _ := s.Choices("/tham/tinh")
	want(t, "choices", labels(choices), "Ha Giang, Lao Cai")
	_, ok = s.SetLanguage("Français")
	want(t, "language that is not there", ok, false)
	want(t, "language", s.Language(), "English (en)")
}

func TestWalkingThroughTheForm(t *testing.T) {
	s := mustStart(t, visitForm)
	says(t, s, "/tham/tinh", "hg")
	step := func(kind EventKind, ref Ref) {
		t.Helper()
		if ev := s.Next(); ev.Kind != kind || ev.Ref != ref {
			t.Errorf("got %v at %q, want %v at %q", ev.Kind, ev.Ref, kind, ref)
		}
	}
	want(t, "before the first step", s.Event().Kind, BeginningOfForm)
	step(AtQuestion, "/tham/tinh")
	step(AtQuestion, "/tham/huyen")
	step(AtQuestion, "/tham/chu_ho")
	step(PromptNewRepeat, "/tham/nguoi[1]")
	person, _, _ := s.AddRepeat("/tham/nguoi")
	s.JumpTo(person)
	step(AtQuestion, "/tham/nguoi[1]/ten")
	step(AtQuestion, "/tham/nguoi[1]/tuoi")
	step(PromptNewRepeat, "/tham/nguoi[2]") // whether he goes to school is not asked
	step(AtQuestion, "/tham/ghi_chu")
	step(EndOfForm, "")
	step(EndOfForm, "")
	s.ToBeginning()
	step(AtQuestion, "/tham/tinh")
	want(t, "jumping to a question that is not there", s.JumpTo("/tham/nguoi[7]/ten"), false)
}

func TestARowIsTakenOut(t *testing.T) {
	s := mustStart(t, visitForm)
	for _, age := range []string{"5", "40", "11"} {
		ref, _, _ := s.AddRepeat("/tham/nguoi")
		says(t, s, ref+"/tuoi", age)
	}
	want(t, "children", s.Value("/tham/so_tre").Text, "2")
	c, ok := s.RemoveRepeat("/tham/nguoi[1]")
	want(t, "removed", ok, true)
	wantRefs(t, "removed", c.Removed, "/tham/nguoi[1]")
	wantRefs(t, "values", c.Values, "/tham/so_nguoi", "/tham/so_tre")
	want(t, "the second is the first now", s.Value("/tham/nguoi[1]/tuoi").Text, "40")
	want(t, "people", s.Value("/tham/so_nguoi").Text, "2")
	_, ok = s.RemoveRepeat("/tham/nguoi[3]")
	want(t, "one that is not there", ok, false)
}

package xform

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestADraftIsOpenedAgain(t *testing.T) {
	s := mustStart(t, visitForm)
	says(t, s, "/tham/tinh", "hg")
	says(t, s, "/tham/huyen", "meo_vac")
	says(t, s, "/tham/chu_ho", " Giàng <Mỉ> & con ")
	ref, _, _ := s.AddRepeat("/tham/nguoi")
	says(t, s, ref+"/tuoi", "9")
	says(t, s, ref+"/di_hoc", "co")
	says(t, s, ref+"/tuoi", "34") // the answer about school is hidden, and stays

	again, err := s.Form().Load(s.Save(), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the same in every node", snapshot(again), snapshot(s))
	want(t, "identity", again.InstanceID(), s.InstanceID())
	if strings.Contains(string(s.Submission()), "di_hoc") {
		t.Error("what is not relevant is sent")
	}
}

// newer is the form of a later version: the district is gone, the age is a text, a question and a group are new.
var newer = strings.NewReplacer(
	`orx:version="2026112101"`, `orx:version="2027010101"`,
	`<tinh/><huyen/>`, `<tinh/><xa>chưa rõ</xa>`,
	`<bind nodeset="/tham/huyen" type="string" required="true()" relevant=" /tham/tinh != '' "/>`, `<bind nodeset="/tham/xa" type="string"/>`,
	`<select1 ref="/tham/huyen">`, `<select1 ref="/tham/xa">`,
).Replace(visitForm)

func TestANewerFormOpensAnOlderDraft(t *testing.T) {
	old := mustStart(t, visitForm)
	says(t, old, "/tham/tinh", "hg")
	says(t, old, "/tham/huyen", "meo_vac")
	says(t, old, "/tham/chu_ho", "Giàng Mỉ")
	f := mustParse(t, newer)
	s, err := f.Load(old.Save(), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "what is still asked", s.Value("/tham/chu_ho").Text, "Giàng Mỉ")
	want(t, "what is new has its default", s.Value("/tham/xa").Text, "chưa rõ")
	aside := s.Aside()
	if len(aside) != 1 || aside[0].Ref != "/tham" || aside[0].XML != "<huyen>meo_vac</huyen>" {
		t.Fatalf("kept aside: %v", aside)
	}
	if !strings.Contains(string(s.Submission()), `orx:version="2027010101"`) {
		t.Error("the record is not one of the newer version")
	}
	if strings.Contains(string(s.Submission()), "meo_vac") {
		t.Error("what was kept aside is sent")
	}

	t.Log("The answer outlives saving and opening, and comes back where it has a place.")
	once, err := f.Load(s.Save(), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	back, err := mustParse(t, visitForm).Load(once.Save(), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the district", back.Value("/tham/huyen").Text, "meo_vac")
}

func TestWhatDoesNotFitIsKept(t *testing.T) {
	f := mustParse(t, head+`<h:head><model><instance><data id="f"><n/><g><x/></g><r><y/></r></data></instance>
<bind nodeset="/data/n" type="int"/></model></h:head><h:body><input ref="/data/n"/><repeat nodeset="/data/r"><input ref="/data/r/y"/></repeat></h:body></h:html>`)
	s, err := f.Load([]byte(`<data xmlns:p="urn:x" id="f"><n>many</n><g>text</g><g><x>2</x></g><n>3</n><p:q p:a="1">&amp;</p:q><r><y>1</y><z/></r></data>`), Env{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "a number that is none", s.Value("/data/n"), Value{String, "many"})
	problems, _ := s.Validate()
	if len(problems) != 1 || problems[0].Kind != ProblemType {
		t.Errorf("problems: %v", problems)
	}
	var asides []string
	for _, a := range s.Aside() {
		asides = append(asides, string(a.Ref)+" "+a.XML)
	}
	want(t, "aside", strings.Join(asides, "\n"), `/data <g><x>2</x></g>
/data <n>3</n>
/data <p:q p:a="1">&amp;</p:q>
/data/g <text>text</text>
/data/r[1] <z/>`)
	if again, err := f.Load(s.Save(), Env{}); err != nil || len(again.Aside()) != len(s.Aside()) {
		t.Errorf("saved again: %v", err)
	}
}

func TestARecordOfAnotherFormIsNotOpened(t *testing.T) {
	f := mustParse(t, visitForm)
	for _, saved := range []string{`<khac id="tham_ho"/>`, `<tham id="other"/>`} {
		_, err := f.Load([]byte(saved), Env{})
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeMismatch {
			t.Errorf("%s: %v", saved, err)
		}
	}
}

func TestARecordThatWasSentIsCorrected(t *testing.T) {
	src := strings.Replace(visitForm, "<orx:instanceName/>", "<orx:instanceName/><orx:deprecatedID/>", 1)
	s := mustStart(t, src)
	before := s.InstanceID()
	want(t, "superseded", s.Supersede(), true)
	want(t, "the one before", s.Value("/tham/meta/deprecatedID").Text, before)
	if s.InstanceID() == before || s.InstanceID() == "" {
		t.Error("the identity is", s.InstanceID())
	}
}

func TestTheFormIsWrittenAsItWas(t *testing.T) {
	f := mustParse(t, visitForm)
	var b strings.Builder
	if err := f.WriteXML(&b); err != nil {
		t.Fatal(err)
	}
	g := mustParse(t, b.String())
	var c strings.Builder
	if err := g.WriteXML(&c); err != nil {
		t.Fatal(err)
	}
	want(t, "written twice", c.String(), b.String())
	want(t, "fields", len(g.Fields()), len(f.Fields()))
	for _, piece := range []string{`<bind nodeset="/tham/tinh" type="string" required="true()"/>`, `jr:template=""`, "Tuổi của <output"} {
		if !strings.Contains(b.String(), piece) {
			t.Errorf("%q is not in what was written", piece)
		}
	}
}

// answersOf names the answers of a record, as somebody keeps them who keeps no instances.
func answersOf(s *Session) map[Ref]string {
	answers := map[Ref]string{}
	s.Nodes(func(st State) bool {
		if len(st.Field.Children()) == 0 && !st.Field.attr && (st.Field.Bind() == nil || st.Field.Bind().Calculate == "") {
			answers[st.Ref] = st.Value.Text
		}
		return true
	})
	return answers
}

func TestARecordResumesFromItsAnswers(t *testing.T) {
	s := mustStart(t, visitForm)
	says(t, s, "/tham/tinh", "hg")
	says(t, s, "/tham/huyen", "meo_vac")
	for _, age := range []string{"34", "9"} {
		ref, _, _ := s.AddRepeat("/tham/nguoi")
		says(t, s, ref+"/tuoi", age)
	}
	again, err := s.Form().Resume(maps.All(answersOf(s)), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the same in every node", snapshot(again), snapshot(s))

	other, err := mustParse(t, newer).Resume(maps.All(answersOf(s)), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "rows under another version", other.Instances("/tham/nguoi"), 2)
	want(t, "what is new is not answered by its default", other.Value("/tham/xa").Text, "")

	none, err := s.Form().Resume(maps.All(map[Ref]string{"/tham/nguoi[3]/tuoi": "1", "/tham/of_tomorrow": "x", "no ref": "y", "/tham/tinh": ""}), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "rows up to the one that is named", none.Instances("/tham/nguoi"), 3)
}

func TestChosenIsKeptWhereThatIsWanted(t *testing.T) {
	s := mustStart(t, visitForm)
	s.Store("/tham/tinh", Text("lc"))
	s.Store("/tham/huyen", Text("meo_vac"))
	answers := answersOf(s)
	env := testEnv()
	env.KeepChosen = true
	kept, err := s.Form().Resume(maps.All(answers), env)
	if err != nil {
		t.Fatal(err)
	}
	choices, _ := kept.Choices("/tham/huyen")
	for _, c := range choices {
		if c.Value == "meo_vac" {
			t.Fatal("the other province has the district too, so this shows nothing")
		}
	}
	problems, _ := kept.Validate()
	want(t, "the answer", kept.Value("/tham/huyen").Text, "meo_vac")
	if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Kind == ProblemChoice && p.Ref == "/tham/huyen" }) {
		t.Errorf("nobody says that it cannot be chosen: %v", problems)
	}
	if label := kept.ChoiceLabel("/tham/tinh", "hg"); label != "Hà Giang" {
		t.Errorf("hg is called %q", label)
	}
	values, ok := s.Form().StaticChoices(s.Form().Field("/tham/tinh"))
	if !ok || !slices.Equal(values, []string{"hg", "lc"}) {
		t.Errorf("all provinces: %v, %v", values, ok)
	}
	if _, ok := s.Form().StaticChoices(s.Form().Field("/tham/chu_ho")); ok {
		t.Error("a text has choices")
	}
}

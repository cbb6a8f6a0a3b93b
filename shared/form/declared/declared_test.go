package declared

import (
	"fmt"
	"slices"
	"testing"

	"banlang/shared/xform"
)

func TestRetention(t *testing.T) {
	for text, want := range map[string]bool{
		"permanent": true, "10y": true, "90d after closed_on": true, "6m": true, "999d": true,
		"": false, "0y": false, "10": false, "y": false, "forever": false, "90d after ": false, "90d after Closed": false, "1000d": false, "10y ": false,
	} {
		if got := IsRetention(text); got != want {
			t.Errorf("IsRetention(%q) is %v", text, got)
		}
	}
}

func TestMissing(t *testing.T) {
	good := Declaration{Purpose: "đếm", Category: Basic, Retention: "5y", VisibleTo: Unit, SealedTo: Unit, Holds: "venue", Generated: "sync"}
	if missing := good.Missing(); len(missing) > 0 {
		t.Errorf("missing %v", missing)
	}
	for name, spoil := range map[string]func(*Declaration){
		Purpose: func(d *Declaration) { d.Purpose = "" }, Category: func(d *Declaration) { d.Category = "protected" },
		Retention: func(d *Declaration) { d.Retention = "lâu" }, VisibleTo: func(d *Declaration) { d.VisibleTo = "everybody" },
		SealedTo: func(d *Declaration) { d.SealedTo = "oversight" }, Generated: func(d *Declaration) { d.Generated = "yes" },
	} {
		bad := good
		spoil(&bad)
		if missing := bad.Missing(); !slices.Equal(missing, []string{name}) {
			t.Errorf("%+v: missing %v, want %s", bad, missing, name)
		}
	}
	if got := Of(nil); got != (Declaration{}) {
		t.Errorf("no bind declares %+v", got)
	}
}

// TestOfForm: what a form declares at the root of its records, and which question its day is.
func TestOfForm(t *testing.T) {
	const form = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:bl="urn:banlang:form">
<h:head><h:title>Chợ</h:title><model><instance><so id="cho" event_date="ai" %s><ngay/><ai/><g><luc/></g><dong><ngay/></dong></so></instance>
<bind nodeset="/so/ngay" type="date"/><bind nodeset="/so/ai" type="string"/><bind nodeset="/so/g/luc" type="dateTime"/><bind nodeset="/so/dong/ngay" type="date"/>
</model></h:head><h:body><group><repeat nodeset="/so/dong"><input ref="/so/dong/ngay"/></repeat></group></h:body></h:html>`
	for attributes, want := range map[string]struct {
		declares FormDeclaration
		day      string
	}{
		``: {},
		`bl:compartment="tips" bl:event_date="ngay" bl:title_en="Market"`: {FormDeclaration{"tips", "ngay", "Market"}, "/so/ngay"},
		`bl:event_date="g/luc"`:     {FormDeclaration{EventDate: "g/luc"}, "/so/g/luc"},
		`bl:event_date="ai"`:        {FormDeclaration{EventDate: "ai"}, ""},
		`bl:event_date="g"`:         {FormDeclaration{EventDate: "g"}, ""},
		`bl:event_date="dong/ngay"`: {FormDeclaration{EventDate: "dong/ngay"}, ""},
		`bl:event_date="khong"`:     {FormDeclaration{EventDate: "khong"}, ""},
	} {
		f, err := xform.Parse([]byte(fmt.Sprintf(form, attributes)))
		if err != nil {
			t.Fatal(err)
		}
		day := ""
		if field := DayOf(f); field != nil {
			day = field.Path()
		}
		if got := OfForm(f); got != want.declares || day != want.day {
			t.Errorf("%s: %+v, its day is %q", attributes, got, day)
		}
	}
}

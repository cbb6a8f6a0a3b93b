package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/form"
	"banlang/shared/units"
)

// country is the village of the tests with what is around it: its province has a neighbour, two communes have a hamlet of
// the same name, and one commune was merged away.
var country = []units.Unit{
	{Code: "VN", Name: "Việt Nam", Level: "country"},
	{Code: "SL", Parent: "VN", Name: "Tỉnh Sơn La", Level: "province"}, {Code: "GL", Parent: "VN", Name: "Tỉnh Gia Lai", Level: "province"},
	{Code: apptest.Unit, Parent: "SL", Name: "Xã Đăk Rơ Leng", Level: "commune"},
	{Code: "SL018", Parent: "SL", Name: "Xã Ẳng Nưa", Level: "commune"},
	{Code: "SL019", Parent: "SL", Name: "Xã Đứa Mòn", Level: "commune", To: "2025-07-01", Into: []string{"SL018"}},
	{Code: "SL017-1", Parent: apptest.Unit, Name: "Thôn 2", Level: "village"}, {Code: "SL018-1", Parent: "SL018", Name: "Thôn 2", Level: "village"},
	{Code: "GL001", Parent: "GL", Name: "Xã Ia Rsai", Level: "commune"},
}

func TestUnitsAreCalledByTheirNames(t *testing.T) {
	_, m := openNotebook(t)
	if got := m.App.UnitName("SL018"); got != "SL018" {
		t.Errorf("before anything is published: %q", got)
	}
	m.PublishUnits(country...)
	m.Wait(time.Second)
	if got := m.App.UnitName("SL018"); got != "Xã Ẳng Nưa" {
		t.Errorf("a commune is called %q", got)
	}
	if got := m.App.UnitName("SL019"); got != "Xã Đứa Mòn" {
		t.Errorf("a commune that is no more is called %q", got)
	}
	if got := m.App.UnitNames([]string{"SL017-1", "SL018-1", "GL001", "X"}); !slices.Equal(got, []string{"Thôn 2, Xã Đăk Rơ Leng", "Thôn 2, Xã Ẳng Nưa", "Xã Ia Rsai", "X"}) {
		t.Errorf("units of one name: %q", got)
	}
	m.GrantFeeds("SL017/ordinary", "SL018/ordinary")
	m.Wait(time.Second)
	if got := m.App.List.Units(); len(got) != 2 || got[0].Name != "Xã Đăk Rơ Leng" || got[1].Name != "Xã Ẳng Nưa" {
		t.Errorf("the filter of units: %+v", got)
	}
}

// TestAUnitToHandOverToIsPicked: everything below the unit above the officer's, and the way up; not what is elsewhere.
func TestAUnitToHandOverToIsPicked(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishUnits(country...)
	m.Wait(time.Second)
	e := newForm(t, m, "venue_register")
	var labels []string
	for _, c := range e.Filling().Choices("parent_unit") {
		labels = append(labels, c.Label)
	}
	if want := []string{"Việt Nam", "Tỉnh Sơn La", "Xã Ẳng Nưa", "Thôn 2, Xã Ẳng Nưa", "Xã Đăk Rơ Leng", "Thôn 2, Xã Đăk Rơ Leng"}; !slices.Equal(labels, want) {
		t.Errorf("there is to choose from %q, want %q", labels, want)
	}
	e.Set("parent_unit", "SL018")
	if got := e.Filling().Choices("parent_unit"); !slices.Contains(got, form.Choice{Value: "SL018", Label: "Xã Ẳng Nưa"}) {
		t.Errorf("%v", got)
	}
	m.App.Go(app.PageRecords)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Nhà rông", "parent_unit": "SL018"})
	m.Wait(time.Second)
	m.App.List.Choose(m.App.List.Len() - 1) // below the draft
	m.Wait(time.Second)
	var shown []string
	for _, f := range m.App.Detail().Fields {
		shown = append(shown, f.Value)
	}
	if !slices.Contains(shown, "Xã Ẳng Nưa (SL018)") {
		t.Errorf("the record says %s", strings.Join(shown, " | "))
	}
}

// TestATreeOfLaterIsNoTree: what this program cannot read leaves what it has.
func TestATreeOfLaterIsNoTree(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishUnits(country...)
	m.Wait(time.Second)
	m.Publication(units.Topic, []byte{99, 1, 2})
	m.Wait(time.Second)
	if got := m.App.UnitName("SL018"); got != "Xã Ẳng Nưa" {
		t.Errorf("the name is gone: %q", got)
	}
}

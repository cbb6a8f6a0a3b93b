package declared

import (
	"slices"
	"testing"
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

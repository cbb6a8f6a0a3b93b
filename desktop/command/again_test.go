package command_test

import (
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/command"
)

// TestOfficersOfOldAreEnteredAgain: who gives an old notebook its key is told whom to enter again; they get the ids that they
// had, in whatever order they come, and nobody else does. Of two of one name the position tells who it is.
func TestOfficersOfOldAreEnteredAgain(t *testing.T) {
	o := enrolled(t)
	o.beside(command.OldOfficer("an.nv.24", "Nguyễn Văn An", good,
		app.Officer{ID: "an.nv.24-2", Name: "Nông Văn An"},
		app.Officer{ID: "an.nv.24-3", Name: "Nghiêm Văn An"},
		app.Officer{ID: "ha.lt.24", Name: "Lê Thị Hạ", Role: "Trưởng thôn"},
		app.Officer{ID: "ha.lt.24-2", Name: "Lê Thị Hạ", Role: "Cán bộ"}))
	o.sits(func(s *sitting) {
		if said := s.tries(good); said != "" {
			t.Fatal(said)
		}
		if s.Toast() == nil || !strings.Contains(s.Toast().Text, "Nông Văn An, Nghiêm Văn An, Lê Thị Hạ") || strings.Contains(s.Toast().Text, "Nguyễn") {
			t.Errorf("told %+v", s.Toast())
		}
		for _, name := range []string{"Ninh Văn An", "Nghiêm  văn An", "Nông Văn An", "Lê Thị Hạ"} {
			if said := s.begins(name, good); said != "" {
				t.Fatal(said)
			}
		}
	})
	o.does(command.ExitDone, "officers")
	o.says("an.nv.24  Nguyễn Văn An", "an.nv.24-4  Ninh Văn An", "an.nv.24-3  Nghiêm văn An", "an.nv.24-2  Nông Văn An", "ha.lt.24-2  Lê Thị Hạ")
	o.sits(func(s *sitting) {
		if said := s.tries(good); said != "" || s.Toast() != nil {
			t.Errorf("said %q, told %+v again", said, s.Toast())
		}
	})
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"banlang/shared/xform"
)

const corpusDir = "../../../shared/data/forms"

func needCorpus(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(corpusDir, "form_scenarios.jsonl")); err != nil {
		t.Skip("the corpus is not beside this checkout: ", err)
	}
}

// scenarioDeviations are the scenarios that come out otherwise, and why that is so.
var scenarioDeviations = map[string]string{
	"jrs-0010": "needs external-data.geojson, which the corpus does not hold",
	"jrs-0020": "needs issue_449_last_saved.xml, which the corpus does not hold",
	"jrs-0021": "needs issue_449_last_saved.xml, which the corpus does not hold",
	"jrs-0099": "needs external-data.geojson, which the corpus does not hold",
}

func TestFormScenarios(t *testing.T) {
	needCorpus(t)
	tally, err := runScenarios(t.Context(), corpusDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d scenarios are right", tally.right, tally.cases)
	if tally.share() < 0.95 {
		t.Errorf("the share is %.4f, and 0.95 is the mark", tally.share())
	}
	for _, f := range tally.failures {
		if why, known := scenarioDeviations[f.id]; known {
			t.Logf("%s: %s", f.id, why)
			continue
		}
		t.Errorf("%s: %s", f.id, f.why)
	}
}

// TestRealForms opens forms that are in use, walks through them, and opens again what they send.
func TestRealForms(t *testing.T) {
	needCorpus(t)
	files, err := filepath.Glob(filepath.Join(corpusDir, "realxforms", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no real forms", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := xform.Parse(src)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		s, err := f.New((&scenarioRun{dir: corpusDir}).env())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		places := 0
		for s.Next().Kind != xform.EndOfForm {
			places++
		}
		if places < 3 {
			t.Errorf("%s: there are only %d places to go to", file, places)
		}
		if _, err := f.Load(s.Submission(), xform.Env{}); err != nil {
			t.Errorf("%s: what is sent cannot be opened: %v", file, err)
		}
	}
}

// blankForm is a form, and what another engine sends of it when nothing has been filled in.
type blankForm struct {
	ID     string
	Expect struct {
		OK    bool
		XForm string
	}
	Blank *struct{ XML string } `json:"blank_submission"`
}

// blankDeviations are the forms of which something else is sent, and why that is so.
var blankDeviations = map[string]string{
	"pyx-0271": "a relevance that reads its own node: refused as a cycle, as by JavaRosa",
	"pyx-0768": "a calculation with now()",
	"pyx-0955": "the place of the device: the world of the tests has one",
	"pyx-1134": "a calculation with random()",
	"pyx-1161": "the time of the end is put in when the record is finished, not when it is opened",
}

var (
	masks = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+([-+]\d\d:\d\d|Z)|DATETIME|uuid:\*`)
	noise = regexp.MustCompile(`<\?xml[^>]*\?>\s*| xmlns(:\w+)?="[^"]*"`)
)

// maskBlank leaves out what differs each time, and what does not matter.
func maskBlank(xml string) string {
	xml = strings.ReplaceAll(masks.ReplaceAllString(noise.ReplaceAllString(xml, ""), "*"), "uuid:*", "*")
	return regexp.MustCompile(`<([\w:.-]+)([^<>]*[^<>/])?></[\w:.-]+>`).ReplaceAllString(xml, "<$1$2/>")
}

// TestBlankSubmissions compares, over the forms that pyxform makes, what is sent of a record in which nothing has been
// filled in with what ODK Web Forms sends.
func TestBlankSubmissions(t *testing.T) {
	needCorpus(t)
	forms, right := 0, 0
	err := each(corpusDir, "xlsform_convert", func(c blankForm) error {
		if !c.Expect.OK || c.Blank == nil || c.Blank.XML == "" {
			return nil
		}
		forms++
		if got, want := blank(c), maskBlank(c.Blank.XML); got != want {
			if _, known := blankDeviations[c.ID]; !known {
				t.Errorf("%s:\n%s\nwant\n%s", c.ID, got, want)
			}
			return nil
		}
		right++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d blank records are sent as by the other engine", right, forms)
}

func blank(c blankForm) string {
	f, err := xform.Parse([]byte(c.Expect.XForm))
	if err != nil {
		return err.Error()
	}
	env := (&scenarioRun{dir: corpusDir}).env()
	env.CountOnVisit = false
	s, err := f.New(env)
	if err != nil {
		return err.Error()
	}
	return maskBlank(string(s.Submission()))
}

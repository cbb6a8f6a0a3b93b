package command

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// keys are the names by which imported records are remembered: the notebook keeps them in pages, each written in the
// transaction of the records that it names, so that no crash lets a line in twice.
type keys struct {
	byName map[string]record.Dot
	byRec  map[record.Dot]string
	pages  int
}

// named is what a page of keys holds.
type named struct {
	Name string
	Rec  record.Dot
}

func pageName(n int) string { return fmt.Sprintf("import keys %d", n) }

// readKeys reads all pages.
func readKeys(ctx context.Context, nb *notebook.Notebook) (*keys, error) {
	k := &keys{byName: map[string]record.Dot{}, byRec: map[record.Dot]string{}}
	for {
		b, err := nb.Setting(ctx, pageName(k.pages))
		if b == nil || err != nil {
			return k, err
		}
		var pairs [][2]string
		if err := json.Unmarshal(b, &pairs); err != nil {
			return nil, fault.New(fault.TornDatabase, "import keys", err)
		}
		page := make([]named, len(pairs))
		for i, p := range pairs {
			rec, err := record.ParseDot(p[1])
			if err != nil {
				return nil, fault.New(fault.TornDatabase, "import keys", err)
			}
			page[i] = named{p[0], rec}
		}
		k.learn(page)
	}
}

// encode writes the next page.
func (k *keys) encode(page []named) (name string, value []byte) {
	pairs := make([][2]string, len(page))
	for i, x := range page {
		pairs[i] = [2]string{x.Name, x.Rec.String()}
	}
	value, err := json.Marshal(pairs)
	if err != nil {
		panic(err) // pairs of texts always have a JSON form
	}
	return pageName(k.pages), value
}

// learn takes a page that is durable.
func (k *keys) learn(page []named) {
	k.pages++
	for _, x := range page {
		k.byName[x.Name] = x.Rec
		if !strings.HasPrefix(x.Name, editMark) {
			k.byRec[x.Rec] = x.Name
		}
	}
}

func (k *keys) find(name string) (rec record.Dot, ok bool) {
	rec, ok = k.byName[name]
	return rec, ok
}

// of is the key of a record; its full name when it was not imported here.
func (k *keys) of(rec record.Dot) string {
	if name, ok := k.byRec[rec]; ok {
		return name
	}
	return rec.String()
}

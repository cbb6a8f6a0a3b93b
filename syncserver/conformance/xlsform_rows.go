package main

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
)

// orderedRow is a row by header that remembers the order of its columns.
type orderedRow []headedCell

type headedCell struct{ header, text string }

// UnmarshalJSON reads an object of texts.
func (r *orderedRow) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		header, _ := key.(string)
		var text string
		if err := d.Decode(&text); err != nil {
			return err
		}
		*r = append(*r, headedCell{header, text})
	}
	return nil
}

// originalName is the name that a file of the corpus had where it is from: "owner__project__name".
func originalName(file string) string {
	parts := strings.SplitN(path.Base(file), "__", 3)
	return parts[len(parts)-1]
}

package sqlite

import "encoding/json"

// List makes one argument of many values, none of them too: "column IN (SELECT value FROM json_each(?))".
func List[T string | int64](values []T) string {
	b, _ := json.Marshal(append([]T{}, values...)) // of strings and numbers: it cannot fail
	return string(b)
}

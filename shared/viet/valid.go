package viet

import (
	"unsafe"

	"github.com/segmentio/asm/utf8"
)

// Valid reports whether s is UTF-8, as utf8.ValidString does, and on long Vietnamese text many times quicker.
func Valid(s string) bool {
	return utf8.Valid(unsafe.Slice(unsafe.StringData(s), len(s))) // which only reads
}

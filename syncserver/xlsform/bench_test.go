package xlsform

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkLargestSpreadsheet converts the form of the corpus with the most to convert: 74 kB of .xlsx, 774 kB of XML.
func BenchmarkLargestSpreadsheet(b *testing.B) {
	const name = "getodk__web-forms__whova_form.xlsx"
	file, err := os.ReadFile(filepath.Join("../../../shared/data/forms/files", name))
	if err != nil {
		b.Skip("the corpus is not beside the project:", err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Convert(b.Context(), name, file, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

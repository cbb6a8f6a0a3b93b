package form_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
)

// market is a form with rows of ten fields, which are added up and numbered, and a question for each row that depends on
// the others.
const market = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Chợ</h:title><model><instance><data id="market" version="1"><day/>
<row jr:template=""><item/><kind/><price/><number/><amount/><share/><place/><fresh/><sold_on/><seller/><note/><why/></row>
<total/><rows/><meta><instanceID/><instanceName/></meta></data></instance>
<bind nodeset="/data/day" type="date" required="true()"/>
<bind nodeset="/data/row/item" type="string" required="true()"/>
<bind nodeset="/data/row/price" type="decimal" constraint=". &gt;= 0"/>
<bind nodeset="/data/row/number" type="int"/>
<bind nodeset="/data/row/amount" type="decimal" calculate=" ../price * ../number "/>
<bind nodeset="/data/row/share" type="decimal" calculate="if(/data/total &gt; 0, round( ../amount div /data/total * 100, 1), 0)"/>
<bind nodeset="/data/row/place" type="int" calculate="position(..)"/>
<bind nodeset="/data/row/sold_on" type="date" relevant=" ../fresh = 'yes' "/>
<bind nodeset="/data/row/why" type="string" relevant=" ../amount &gt; 100 "/>
<bind nodeset="/data/total" type="decimal" calculate="sum(/data/row/amount)"/>
<bind nodeset="/data/rows" type="int" calculate="count(/data/row)"/>
<bind nodeset="/data/meta/instanceName" type="string" calculate="concat('Chợ ', /data/total)"/>
</model></h:head><h:body><input ref="/data/day"><label>Ngày</label></input><group ref="/data/row"><label>Hàng</label><repeat nodeset="/data/row">
<input ref="/data/row/item"><label>Tên</label></input><select1 ref="/data/row/kind"><label>Loại</label><item><label>Rau</label><value>greens</value></item><item><label>Thịt</label><value>meat</value></item></select1>
<input ref="/data/row/price"><label>Giá</label></input><input ref="/data/row/number"><label>Số</label></input>
<select1 ref="/data/row/fresh"><label>Tươi</label><item><label>Có</label><value>yes</value></item><item><label>Không</label><value>no</value></item></select1>
<input ref="/data/row/sold_on"><label>Ngày bán</label></input><input ref="/data/row/seller"><label>Người bán</label></input>
<input ref="/data/row/note"><label>Ghi chú</label></input><input ref="/data/row/why"><label>Vì sao</label></input>
</repeat></group></h:body></h:html>`

func parse(t testing.TB, xml string) *form.Form {
	t.Helper()
	f, err := form.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err, "\n", xml)
	}
	return f
}

// stall is a record of the market with so many rows of ten answers.
func stall(rows int) map[string]string {
	values := map[string]string{"day": "2026-11-20"}
	for i := range rows {
		row := fmt.Sprintf("row/00000000000000a7.%d.%d/", 10+i/50, i%50)
		for name, value := range map[string]string{"item": fmt.Sprint("rau ", i), "kind": "greens", "price": fmt.Sprint(i%90, ".5"),
			"number": fmt.Sprint(i % 7), "fresh": "yes", "sold_on": "2026-11-21", "seller": "Bà Hương", "note": "Mưa to, bán chậm.", "why": "x"} {
			values[row+name] = value
		}
	}
	return values
}

func BenchmarkOpen(b *testing.B) {
	for _, rows := range []int{0, 10, 1000} {
		b.Run(fmt.Sprint(rows, "rows"), func(b *testing.B) {
			f, values := parse(b, market), stall(rows)
			for b.Loop() {
				if _, err := f.Open(values, env()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLine is what a list costs: a record opened, named and made searchable.
func BenchmarkLine(b *testing.B) {
	f, values := lookup(b, "weapon_handover"), handover()
	for b.Loop() {
		l := open(b, f, values)
		if l.Name() == "" || l.EventDay() == "" || l.Words() == "" {
			b.Fatal("no line")
		}
	}
}

// BenchmarkSet answers a question in one of 1,000 rows; all shares follow from it. Its longest is what counts.
func BenchmarkSet(b *testing.B) {
	l := open(b, parse(b, market), stall(1000))
	row := l.Rows("row")[500]
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		start := time.Now()
		l.Set(form.JoinPath("row", row, "price"), fmt.Sprint(n%1000))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// The rest of what a screen asks after a key, with 1,000 rows.
func BenchmarkScreen(b *testing.B) {
	l := open(b, parse(b, market), stall(1000))
	for name, do := range map[string]func(){
		"Problems": func() { l.Problems() }, "Written": func() { l.Written() }, "Words": func() { l.Words() },
		"AddRemoveRow": func() { row, _ := l.AddRow("row"); l.RemoveRow("row", row) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				do()
			}
		})
	}
	if !strings.HasPrefix(l.Name(), "Chợ ") {
		b.Fatal(l.Name())
	}
}

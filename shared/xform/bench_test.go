package xform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// marketForm is a repeat of rows with calculations in the row, across rows, and over all rows.
func marketForm(rows int) []byte {
	var data strings.Builder
	for i := range rows {
		fmt.Fprintf(&data, "<row><item>i%d</item><price>%d</price><number>2</number><amount/><share/><before/><place/><note/></row>", i, i%7+1)
	}
	return []byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Chợ</h:title><model><instance><data id="market" version="1">` + data.String() + `<total/><most/><rows/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/row/item" type="string" required="true()"/>
<bind nodeset="/data/row/price" type="decimal" constraint=". &gt;= 0"/>
<bind nodeset="/data/row/number" type="int"/>
<bind nodeset="/data/row/amount" type="decimal" calculate=" ../price * ../number "/>
<bind nodeset="/data/row/share" type="decimal" calculate="if(/data/total &gt; 0, round( ../amount div /data/total * 100, 1), 0)"/>
<bind nodeset="/data/row/before" type="decimal" calculate="/data/row[position() = position(current()/..) - 1]/amount"/>
<bind nodeset="/data/row/place" type="int" calculate="position(..)"/>
<bind nodeset="/data/row/note" type="string" relevant=" ../amount &gt; 10 "/>
<bind nodeset="/data/total" type="decimal" calculate="sum(/data/row/amount)"/>
<bind nodeset="/data/most" type="decimal" calculate="max(/data/row/amount)"/>
<bind nodeset="/data/rows" type="int" calculate="count(/data/row)"/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/>
</model></h:head><h:body><group ref="/data/row"><label>Hàng</label><repeat nodeset="/data/row"><input ref="/data/row/item"><label>Tên</label></input>
<input ref="/data/row/price"><label>Giá</label></input><input ref="/data/row/number"><label>Số</label></input><input ref="/data/row/note"><label>Ghi chú</label></input>
</repeat></group></h:body></h:html>`)
}

// longForm has n questions in groups of 20, with relevances, constraints, choices and two languages.
func longForm(n int) []byte {
	var data, binds, body, vi, en strings.Builder
	for i := range n {
		if i%20 == 0 {
			fmt.Fprintf(&data, "<g%d>", i/20)
			fmt.Fprintf(&body, `<group ref="/data/g%d"><label ref="jr:itext('g%d')"/>`, i/20, i/20)
			fmt.Fprintf(&vi, `<text id="g%d"><value>Phần %d</value></text>`, i/20, i/20)
			fmt.Fprintf(&en, `<text id="g%d"><value>Part %d</value></text>`, i/20, i/20)
		}
		path := fmt.Sprintf("/data/g%d/q%d", i/20, i)
		fmt.Fprintf(&data, "<q%d/>", i)
		relevant := ""
		if i%20 > 0 {
			relevant = fmt.Sprintf(` relevant=" /data/g%d/q%d != 'no' "`, i/20, i/20*20)
		}
		fmt.Fprintf(&binds, `<bind nodeset="%s" type="string" required="true()"%s constraint="string-length(.) &lt; 100" jr:constraintMsg="jr:itext('m')"/>`, path, relevant)
		fmt.Fprintf(&vi, `<text id="%s:label"><value>Câu hỏi số %d</value></text>`, path, i)
		fmt.Fprintf(&en, `<text id="%s:label"><value>Question number %d</value></text>`, path, i)
		if i%3 == 0 {
			fmt.Fprintf(&body, `<select1 ref="%s"><label ref="jr:itext('%s:label')"/><item><label>A</label><value>yes</value></item><item><label>B</label><value>no</value></item></select1>`, path, path)
		} else {
			fmt.Fprintf(&body, `<input ref="%s"><label ref="jr:itext('%s:label')"/></input>`, path, path)
		}
		if i%20 == 19 || i == n-1 {
			fmt.Fprintf(&data, "</g%d>", i/20)
			body.WriteString("</group>")
		}
	}
	m := `<text id="m"><value>Quá dài</value></text>`
	return []byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Long</h:title><model><itext><translation lang="Tiếng Việt (vi)" default="true()">` + vi.String() + m + `</translation><translation lang="English (en)">` + en.String() + m + `</translation></itext>
<instance><data id="long" version="1">` + data.String() + `<meta><instanceID/></meta></data></instance>` + binds.String() +
		`<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/></model></h:head><h:body>` + body.String() + `</h:body></h:html>`)
}

// BenchmarkKeystroke answers one question in a repeat of 1,000 rows; p99-ms is what one in a hundred exceeds. The row is
// computed anew, and the sum, the maximum and the number of all rows.
func BenchmarkKeystroke(b *testing.B) {
	src := string(marketForm(1000))
	for _, across := range []string{"share", "before"} {
		src = regexp.MustCompile(`<bind nodeset="/data/row/`+across+`"[^>]*/>`).ReplaceAllString(src, "")
	}
	keystrokes(b, []byte(src))
}

// BenchmarkKeystrokeAcross is the same where every row shows its share of the sum, and the amount of the row before:
// each answer has 2,000 calculations made anew, and some hundred rows show another share.
func BenchmarkKeystrokeAcross(b *testing.B) { keystrokes(b, marketForm(1000)) }

func keystrokes(b *testing.B, src []byte) {
	f, err := Parse(src)
	if err != nil {
		b.Fatal(err)
	}
	s, err := f.New(testEnv())
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		start := time.Now()
		outcome, change := s.Answer(Ref(fmt.Sprintf("/data/row[%d]/price", i*37%1000+1)), Text(fmt.Sprint(i%90)))
		took = append(took, time.Since(start))
		if outcome != OK {
			b.Fatal(outcome, change)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkOpen parses a form of 600 questions and starts a record.
func BenchmarkOpen(b *testing.B) {
	src := longForm(600)
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		f, err := Parse(src)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.New(testEnv()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAddRow adds and removes a row in the middle of 1,000.
func BenchmarkAddRow(b *testing.B) {
	f, err := Parse(marketForm(1000))
	if err != nil {
		b.Fatal(err)
	}
	s, err := f.New(testEnv())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, ok := s.AddRepeat("/data/row"); !ok {
			b.Fatal("not added")
		}
		if _, ok := s.RemoveRepeat("/data/row[500]"); !ok {
			b.Fatal("not removed")
		}
	}
}

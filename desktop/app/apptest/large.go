package apptest

import (
	"fmt"
	"strings"

	"banlang/shared/form"
)

// Large is a form of the village's own with as many questions as asked for, in groups of 20: numbers, texts, choices, days,
// and a sum over all numbers of a group. Behind them stands a repeat of three short columns.
func Large(questions int) *form.Publication {
	var instance, binds, body strings.Builder
	for g := range (questions + 19) / 20 {
		var sum []string
		fmt.Fprintf(&instance, "<g%d>", g)
		fmt.Fprintf(&body, `<group ref="/data/g%d"><label>Phần %d</label>`, g, g+1)
		for q := g * 20; q < min(questions, g*20+20); q++ {
			name := fmt.Sprintf("g%d/q%d", g, q)
			fmt.Fprintf(&instance, "<q%d/>", q)
			switch q % 4 {
			case 0:
				sum = append(sum, "coalesce(/data/"+name+", 0)")
				fmt.Fprintf(&binds, `<bind nodeset="/data/%s" type="int" required="true()" constraint=". &lt; 1000000"/>`, name)
			case 3:
				fmt.Fprintf(&binds, `<bind nodeset="/data/%s" type="date"/>`, name)
			default:
				fmt.Fprintf(&binds, `<bind nodeset="/data/%s" type="string"/>`, name)
			}
			if q%4 == 1 {
				fmt.Fprintf(&body, `<select1 ref="/data/%s"><label>Câu %d</label><item><label>Có</label><value>1</value></item><item><label>Không</label><value>0</value></item></select1>`, name, q+1)
				continue
			}
			fmt.Fprintf(&body, `<input ref="/data/%s"><label>Câu %d</label></input>`, name, q+1)
		}
		fmt.Fprintf(&instance, "<sum/></g%d>", g)
		fmt.Fprintf(&binds, `<bind nodeset="/data/g%d/sum" type="int" calculate="%s" readonly="true()"/>`, g, strings.Join(sum, " + "))
		fmt.Fprintf(&body, `<input ref="/data/g%d/sum"><label>Tổng phần %d</label></input></group>`, g, g+1)
	}
	xml := `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:bl="urn:banlang:form">
 <h:head><h:title>Biểu mẫu dài</h:title><model><instance><data id="large" version="1" bl:compartment="ordinary">` + instance.String() +
		`<item jr:template=""><kind/><count/><note/></item></data></instance>` + binds.String() +
		`<bind nodeset="/data/item/kind" type="string" required="true()"/><bind nodeset="/data/item/count" type="int" constraint=". &gt; 0"/>
 </model></h:head><h:body>` + body.String() + `<group ref="/data/item"><label>Danh mục</label><repeat nodeset="/data/item">
  <select1 ref="/data/item/kind"><label>Loại</label><item><label>Tờ rơi</label><value>a</value></item><item><label>Sách</label><value>b</value></item></select1>
  <input ref="/data/item/count"><label>Số tờ</label></input><input ref="/data/item/note"><label>Ghi thêm</label></input>
 </repeat></group></h:body></h:html>`
	return &form.Publication{ID: "large", Version: "1", Title: form.Text{VI: "Biểu mẫu dài", EN: "A long form"}, Compartment: "ordinary", XML: xml}
}

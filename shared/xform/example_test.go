package xform_test

import (
	"fmt"

	"banlang/shared/xform"
)

// A form is parsed once; each record is a session over it.
func Example() {
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Mua bán</h:title><model>
  <instance><data id="buy"><price/><number/><total/></data></instance>
  <bind nodeset="/data/price" type="decimal"/>
  <bind nodeset="/data/number" type="int" constraint=". &gt; 0"/>
  <bind nodeset="/data/total" type="decimal" calculate=" /data/price * /data/number "/>
</model></h:head>
<h:body><input ref="/data/price"><label>Giá</label></input><input ref="/data/number"><label>Số lượng</label></input></h:body></h:html>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := form.New(xform.Env{})
	if err != nil {
		fmt.Println(err)
		return
	}
	record.Answer("/data/price", xform.Text("2.5"))
	outcome, _ := record.Answer("/data/number", xform.Text("0"))
	fmt.Println(outcome)
	outcome, change := record.Answer("/data/number", xform.Text("4"))
	fmt.Println(outcome, change.Values, record.Value("/data/total").Text)
	// Output:
	// ConstraintViolated
	// OK [/data/number /data/total] 10
}

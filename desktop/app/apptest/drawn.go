package apptest

import "banlang/shared/form"

// Drawn is a form whose questions are answered by drawing: a signature that must be given where somebody hands something over, a
// drawing, and marks on a photograph.
func Drawn() *form.Publication {
	return &form.Publication{ID: "drawn", Version: "1", Title: form.Text{VI: "Biên bản giao nhận", EN: "Hand-over note"}, Compartment: "ordinary", XML: drawn}
}

const drawn = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:bl="urn:banlang:form">
 <h:head><h:title>Biên bản giao nhận</h:title><model>
  <instance><data id="drawn" version="1" bl:compartment="ordinary"><what/><gives/><signature/><sketch/><marks/></data></instance>
  <bind nodeset="/data/what" type="string" required="true()"/>
  <bind nodeset="/data/gives" type="boolean"/>
  <bind nodeset="/data/signature" type="binary" required="true()" relevant="/data/gives = 'true' or /data/gives = '1'"/>
  <bind nodeset="/data/sketch" type="binary"/>
  <bind nodeset="/data/marks" type="binary"/>
 </model></h:head>
 <h:body>
  <input ref="/data/what"><label>Giao gì</label></input>
  <input ref="/data/gives"><label>Có người giao</label></input>
  <upload ref="/data/signature" appearance="signature" mediatype="image/*"><label>Người giao ký</label></upload>
  <upload ref="/data/sketch" appearance="draw" mediatype="image/*"><label>Sơ đồ chỗ để</label></upload>
  <upload ref="/data/marks" appearance="annotate" mediatype="image/*"><label>Ảnh hiện vật</label></upload>
 </h:body>
</h:html>`

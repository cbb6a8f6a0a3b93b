package apptest

import (
	"strings"

	"banlang/shared/form"
)

// Every is a form of the village's own with a question of every type, in groups, and with rows within rows. The words of
// without are left out of its XML, so that it has other versions.
func Every(version string, without ...string) *form.Publication {
	xml := strings.Replace(every, "VERSION", version, 1)
	for _, w := range without {
		xml = strings.ReplaceAll(xml, w, "")
	}
	return &form.Publication{ID: "every", Version: version, Title: form.Text{VI: "Mọi loại câu hỏi", EN: "Every kind of question"},
		Compartment: "ordinary", XML: xml}
}

const every = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:bl="urn:banlang:form">
 <h:head><h:title>Mọi loại câu hỏi</h:title><model>
  <instance><data id="every" version="VERSION" bl:compartment="ordinary" bl:event_date="place/day">
   <place><day/><at/><met/><geo/></place>
   <count><people/><share/><cost/><double/></count>
   <sure/><kind/><topics/><order/><mood/><seen/><photo/><criterion/><aim>tot</aim><remark/>
   <team jr:template=""><name/><member jr:template=""><name/><age/></member></team>
   <started/><ended/>
  </data></instance>
  <instance id="criteria" src="jr://file-csv/criteria.csv"/>
  <bind nodeset="/data/place/day" type="date" required="true()"/>
  <bind nodeset="/data/place/at" type="time"/>
  <bind nodeset="/data/place/met" type="dateTime"/>
  <bind nodeset="/data/place/geo" type="geopoint"/>
  <bind nodeset="/data/count/people" type="int" constraint=". &gt;= 0" jr:constraintMsg="Không âm."/>
  <bind nodeset="/data/count/share" type="int"/>
  <bind nodeset="/data/count/cost" type="string"/>
  <bind nodeset="/data/count/double" type="int" calculate="/data/count/people * 2" readonly="true()"/>
  <bind nodeset="/data/sure" type="boolean"/>
  <bind nodeset="/data/kind" type="string"/>
  <bind nodeset="/data/topics" type="string"/>
  <bind nodeset="/data/order" type="odk:rank"/>
  <bind nodeset="/data/mood" type="string"/>
  <bind nodeset="/data/seen" type="string"/>
  <bind nodeset="/data/photo" type="binary" required="true()"/>
  <bind nodeset="/data/criterion" type="string"/>
  <bind nodeset="/data/aim" type="string" relevant="/data/kind = 'b'"/>
  <bind nodeset="/data/remark" type="string"/>
  <bind nodeset="/data/team/name" type="string" required="true()"/>
  <bind nodeset="/data/team/member/name" type="string"/>
  <bind nodeset="/data/team/member/age" type="int"/>
  <bind nodeset="/data/started" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
  <bind nodeset="/data/ended" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
 </model></h:head>
 <h:body>
  <group ref="/data/place" appearance="field-list"><label>Nơi và lúc</label>
   <input ref="/data/place/day"><label>Ngày</label></input>
   <input ref="/data/place/at"><label>Giờ</label></input>
   <input ref="/data/place/met"><label>Gặp lúc</label></input>
   <input ref="/data/place/geo"><label>Tọa độ</label></input>
  </group>
  <group ref="/data/count"><label>Số lượng</label>
   <input ref="/data/count/people"><label>Số người</label></input>
   <range ref="/data/count/share" start="0" end="10" step="1"><label>Mức độ</label></range>
   <input ref="/data/count/cost" appearance="numbers thousands-sep"><label>Kinh phí (đồng)</label></input>
   <input ref="/data/count/double"><label>Gấp đôi</label></input>
  </group>
  <input ref="/data/sure"><label>Chắc chắn</label></input>
  <select1 ref="/data/kind"><label>Loại</label><item><label>Một</label><value>a</value></item><item><label>Hai</label><value>b</value></item></select1>
  <select ref="/data/topics"><label>Chủ đề</label>` + manyTopics + `</select>
  <odk:rank xmlns:odk="http://www.opendatakit.org/xforms" ref="/data/order"><label>Xếp thứ tự</label><item><label>Điện</label><value>dien</value></item><item><label>Đường</label><value>duong</value></item></odk:rank>
  <select1 ref="/data/mood" appearance="likert"><label>Thấy thế nào</label><item><label>Tốt</label><value>tot</value></item><item><label>Chưa</label><value>chua</value></item></select1>
  <trigger ref="/data/seen"><label>Đã đọc quy định</label></trigger>
  <upload ref="/data/photo" mediatype="image/*"><label>Ảnh</label></upload>
  <select1 ref="/data/criterion" appearance="minimal autocomplete"><label>Tiêu chí</label><itemset nodeset="instance('criteria')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
  <select1 ref="/data/aim"><label>Mục tiêu</label><item><label>Tốt</label><value>tot</value></item></select1>
  <input ref="/data/remark" appearance="multiline"><label>Một câu hỏi dài hơn chỗ của nó, để xem chữ có xuống dòng hay bị cắt mất phần sau của câu</label></input>
  <group ref="/data/team"><label>Tổ</label><repeat nodeset="/data/team">
   <input ref="/data/team/name"><label>Tên tổ</label></input>
   <group ref="/data/team/member"><label>Người</label><repeat nodeset="/data/team/member">
    <input ref="/data/team/member/name"><label>Tên người</label></input>
    <input ref="/data/team/member/age"><label>Tuổi</label></input>
   </repeat></group>
  </repeat></group>
 </h:body>
</h:html>`

const manyTopics = `<item><label>Một</label><value>t1</value></item><item><label>Hai</label><value>t2</value></item><item><label>Ba</label><value>t3</value></item>
<item><label>Bốn</label><value>t4</value></item><item><label>Năm</label><value>t5</value></item><item><label>Sáu</label><value>t6</value></item>
<item><label>Bảy</label><value>t7</value></item><item><label>Tám</label><value>t8</value></item><item><label>Chín</label><value>t9</value></item>
<item><label>Mười</label><value>t10</value></item><item><label>Mười một</label><value>t11</value></item><item><label>Mười hai</label><value>t12</value></item>
<item><label>Đường sá</label><value>t13</value></item>`

package xform

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"
)

func TestRepeatsWithACount(t *testing.T) {
	src := formWith("<n>2</n><r jr:template=\"\"><x>5</x></r><sum/>", `<bind nodeset="/data/n" type="int"/><bind nodeset="/data/sum" calculate="sum(/data/r/x)"/>`,
		`<input ref="/data/n"/><group ref="/data/r"><repeat nodeset="/data/r" jr:count=" /data/n "><input ref="/data/r/x"/></repeat></group>`)
	t.Log("There are at all times as many as the count says.")
	s := mustStart(t, src)
	want(t, "instances", s.Instances("/data/r"), 2)
	c := says(t, s, "/data/n", "3")
	wantRefs(t, "added", c.Added, "/data/r[3]")
	want(t, "with the values of the template", s.Value("/data/sum").Text, "15")
	says(t, s, "/data/n", "1")
	want(t, "none is ever taken away", s.Instances("/data/r"), 3)
	ev := Event{}
	for ev.Kind != EndOfForm {
		if ev = s.Next(); ev.Kind == PromptNewRepeat {
			t.Error("asked for a further instance at", ev.Ref)
		}
	}

	t.Log("Or they come when somebody walks by.")
	env := testEnv()
	env.CountOnVisit = true
	s, err := mustParse(t, src).New(env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "instances", s.Instances("/data/r"), 0)
	for s.Next().Kind != EndOfForm {
	}
	want(t, "instances", s.Instances("/data/r"), 2)
}

func TestNestedRepeatsCountTheirOwn(t *testing.T) {
	s := mustStart(t, formWith("<r><n/><q><x/></q><all/></r><total/>",
		`<bind nodeset="/data/r/all" calculate="count(/data/r/q)"/><bind nodeset="/data/total" calculate="count(/data/r/q)"/>`,
		`<repeat nodeset="/data/r"><input ref="n"/><group ref="/data/r/q"><repeat nodeset="/data/r/q" jr:count=" ../n "><input ref="x"/></repeat></group></repeat>`))
	s.AddRepeat("/data/r")
	says(t, s, "/data/r[1]/n", "2")
	says(t, s, "/data/r[2]/n", "3")
	want(t, "in the first", s.Value("/data/r[1]/all").Text, "2")
	want(t, "in the second", s.Value("/data/r[2]/all").Text, "3")
	want(t, "in both", s.Value("/data/total").Text, "5")
}

func TestActions(t *testing.T) {
	env := testEnv()
	env.Geopoint = func() string { return "22.33 103.84 1500 5" }
	f := mustParse(t, formWith(`<first/><each/><a/><copy/><place/><r><x/></r><e at=""/>`,
		`<bind nodeset="/data/place" type="geopoint"/><bind nodeset="/data/copy" type="int"/>
<setvalue event="odk-instance-first-load" ref="/data/first" value="uuid()"/>
<setvalue event="odk-instance-load" ref="/data/each">opened</setvalue>
<setvalue event="odk-instance-first-load" ref="/data/e/@at" value="1 + 1"/>`,
		`<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/copy" value="/data/a * 2"/>
<odk:setgeopoint event="xforms-value-changed" ref="/data/place"/></input>
<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/x" value="concat('from ', /data/a, ', number ', position(..))"/><input ref="x"/></repeat>`))
	s, err := f.New(env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "a random identity", len(s.Value("/data/first").Text), 36)
	want(t, "an attribute", s.Value("/data/e/@at").Text, "2")
	want(t, "the instance that was there from the start", s.Value("/data/r[1]/x").Text, "")
	c := says(t, s, "/data/a", "4")
	wantRefs(t, "values", c.Values, "/data/a", "/data/copy", "/data/place")
	want(t, "copy", s.Value("/data/copy"), Value{Integer, "8"})
	want(t, "place", s.Value("/data/place"), Value{Geopoint, "22.33 103.84 1500 5"})
	s.AddRepeat("/data/r")
	want(t, "a new row", s.Value("/data/r[2]/x").Text, "from 4, number 2")

	s.Store("/data/each", Value{})
	again, err := f.Load(s.Save(), env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "set once", again.Value("/data/first").Text, s.Value("/data/first").Text)
	want(t, "set at each opening", again.Value("/data/each").Text, "opened")
}

func TestWhatTheDeviceFillsIn(t *testing.T) {
	env := testEnv()
	env.Property = func(name string) string { return map[string]string{"deviceid": "may-24", "username": "lan"}[name] }
	f := mustParse(t, formWith("<start/><end/><today/><device/><who/><meta><instanceID/></meta>",
		`<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
<bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>
<bind nodeset="/data/who" jr:preload="property" jr:preloadParams="username"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`, ""))
	s, err := f.New(env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "start", s.Value("/data/start").Text, "2026-11-21T15:30:00.000+07:00")
	want(t, "today", s.Value("/data/today").Text, "2026-11-21")
	want(t, "device", s.Value("/data/device").Text, "may-24")
	want(t, "who", s.Value("/data/who").Text, "lan")
	want(t, "end", s.Value("/data/end").Text, "")
	env.Now = func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }
	s.env.Now = env.Now
	wantRefs(t, "finishing", s.Finish().Values, "/data/end")
	want(t, "end", s.Value("/data/end").Text, "2026-11-21T16:00:00.000+07:00")

	t.Log("Without a clock and randomness there is nothing to fill in, and nothing breaks.")
	if s, err = f.New(Env{}); err != nil {
		t.Fatal(err)
	}
	want(t, "start", s.Value("/data/start").Text, "")
	want(t, "identity", s.InstanceID(), "")
}

func TestOnceAndIdentity(t *testing.T) {
	f := mustParse(t, formWith("<a/><code/><meta><instanceID/></meta>",
		`<bind nodeset="/data/code" calculate="once(concat(/data/a, random()))"/><bind nodeset="/data/meta/instanceID" calculate="concat('uuid:', uuid())"/>`,
		`<input ref="/data/a"/>`))
	s, err := f.New(testEnv())
	if err != nil {
		t.Fatal(err)
	}
	code, id := s.Value("/data/code"), s.InstanceID()
	says(t, s, "/data/a", "x")
	want(t, "computed once", s.Value("/data/code"), code)
	env := testEnv()
	env.Random() // another world
	again, err := f.Load(s.Save(), env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "computed once", again.Value("/data/code"), code)
	want(t, "identity of a record that is opened again", again.InstanceID(), id)
}

func TestListsFromFiles(t *testing.T) {
	src := formWith("<a/><b/><c/>", `<instance id="csv" src="jr://file-csv/xa.csv"/><instance id="geo" src="jr://file/diem.geojson"/><instance id="xml" src="jr://file/cu.xml"/>
<bind nodeset="/data/c" calculate="instance('xml')/data/before"/>`,
		`<select1 ref="/data/a"><itemset nodeset="instance('csv')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
<select1 ref="/data/b"><itemset nodeset="instance('geo')/root/item"><value ref="id"/><label ref="name"/></itemset></select1>`)
	files := map[string]string{
		"jr://file-csv/xa.csv":     "\xef\xbb\xbfname,label\nta_van,\"Tả Van\"\nban_ho,Bản Hồ\n",
		"jr://file/diem.geojson":   `{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[103.84,22.33]},"properties":{"name":"Chợ","n":null}}]}`,
		"jr://file/cu.xml":         `<data><before>hôm qua</before></data>`,
		"jr://file/something.else": "",
	}
	env := testEnv()
	env.External = func(src string) ([]byte, error) {
		if text, ok := files[src]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	f := mustParse(t, src)
	s, err := f.New(env)
	if err != nil {
		t.Fatal(err)
	}
	choices, _ := s.Choices("/data/a")
	want(t, "from CSV", labels(choices), "Tả Van, Bản Hồ")
	choices, _ = s.Choices("/data/b")
	want(t, "from GeoJSON", labels(choices), "Chợ")
	want(t, "identity", choices[0].Value, "7")
	want(t, "place", choices[0].Property("geometry"), "22.33 103.84 0 0")
	want(t, "from XML", s.Value("/data/c").Text, "hôm qua")

	t.Log("The list is not there on this machine: an answer from it is left alone.")
	delete(files, "jr://file-csv/xa.csv")
	says(t, s, "/data/a", "ta_van")
	again, err := f.Load(s.Save(), env)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "missing", strings.Join(again.Missing(), " "), "jr://file-csv/xa.csv")
	again.Choices("/data/a")
	again.Validate()
	want(t, "answer", again.Value("/data/a").Text, "ta_van")

	t.Log("A file that cannot be read keeps the record from being opened.")
	files["jr://file/diem.geojson"] = "{"
	_, err = f.New(env)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeInstance || e.Ref != "jr://file/diem.geojson" {
		t.Errorf("%v", err)
	}
}

func TestKindsOfValues(t *testing.T) {
	s := mustStart(t, formWith("<i/><d/><s/><b/><t/><n/><a/><flag/><shown/>", `
<bind nodeset="/data/i" type="int" calculate="7 div 2"/><bind nodeset="/data/d" type="decimal" calculate="7 div 2"/>
<bind nodeset="/data/s" type="string" calculate="concat('a', 1)"/><bind nodeset="/data/b" type="string" calculate="1 = 1"/>
<bind nodeset="/data/t" type="boolean" calculate="1 = 2"/><bind nodeset="/data/n" type="int" calculate="number('x')"/>
<bind nodeset="/data/flag" type="boolean"/><bind nodeset="/data/shown" relevant="/data/flag"/><bind nodeset="/data/a" calculate="/data/b = 'true'"/>`, ""))
	for ref, v := range map[Ref]Value{"/data/i": {Integer, "3"}, "/data/d": {Decimal, "3.5"}, "/data/s": {String, "a1"},
		"/data/b": {Boolean, "true"}, "/data/t": {Boolean, "0"}, "/data/n": {}, "/data/a": {Boolean, "true"}} {
		want(t, string(ref), s.Value(ref), v)
	}
	shown := func() bool { st, _ := s.State("/data/shown"); return st.Relevant }
	want(t, "shown without an answer", shown(), false)
	says(t, s, "/data/flag", "1")
	want(t, "shown", shown(), true)
	says(t, s, "/data/flag", "0")
	want(t, "shown after a no", shown(), false)
}

func TestChoiceNames(t *testing.T) {
	s := mustStart(t, strings.Replace(strings.Replace(visitForm, "<so_nguoi/>", "<so_nguoi/><ten_tinh/>", 1), `<bind nodeset="/tham/so_nguoi"`,
		`<bind nodeset="/tham/ten_tinh" calculate="jr:choice-name( /tham/tinh , '/tham/tinh')"/><bind nodeset="/tham/so_nguoi"`, 1))
	says(t, s, "/tham/tinh", "lc")
	want(t, "name", s.Value("/tham/ten_tinh").Text, "Lào Cai")
	c, _ := s.SetLanguage("English (en)")
	wantRefs(t, "values that follow the language", c.Values, "/tham/ten_tinh")
	want(t, "name", s.Value("/tham/ten_tinh").Text, "Lao Cai")
}

func TestReadOnlyIsInherited(t *testing.T) {
	s := mustStart(t, formWith("<a>1</a><g><x/></g>", `<bind nodeset="/data/g" readonly="/data/a = 1"/>`, `<input ref="/data/a"/><input ref="/data/g/x"/>`))
	st, _ := s.State("/data/g/x")
	want(t, "read-only", st.ReadOnly, true)
	c := says(t, s, "/data/a", "2")
	wantRefs(t, "read-only", c.ReadOnly, "/data/g")
	st, _ = s.State("/data/g/x")
	want(t, "read-only", st.ReadOnly, false)
}

func TestRandomOrderIsThatOfThePhones(t *testing.T) {
	var items strings.Builder
	for _, c := range "ABCDEFGH" {
		items.WriteString("<item><label>" + string(c) + "</label></item>")
	}
	s := mustStart(t, formWith("<seed/><all/>", `<instance id="l"><root>`+items.String()+`</root></instance>
<bind nodeset="/data/all" calculate="join('', randomize(instance('l')/root/item/label, /data/seed))"/>`, `<input ref="/data/seed"/>`))
	for _, c := range []struct{ seed, order string }{{"foo", "EADBHGCF"}, {"42", "AFCBHEGD"}} {
		says(t, s, "/data/seed", c.seed)
		if got := s.Value("/data/all").Text; got != c.order {
			t.Errorf("seed %s: %s, want %s", c.seed, got, c.order)
		}
	}
}

func TestPositionsCountRowsThatAreNotRelevant(t *testing.T) {
	s := mustStart(t, formWith("<r><x>1</x><place/></r><r><x>2</x><place/></r><r><x>3</x><place/></r><second/><third/><other/><indexed/><all/>", `
<bind nodeset="/data/second" calculate="/data/r[position() = 2]/x"/><bind nodeset="/data/third" calculate="/data/r[3]/x"/>
<bind nodeset="/data/other" calculate="/data/r[x &gt; 1][1]/x"/><bind nodeset="/data/r/place" calculate="position(..)"/>
<bind nodeset="/data/indexed" calculate="indexed-repeat(/data/r/x, /data/r, 3)"/><bind nodeset="/data/all" calculate="join(' ', /data/r/x)"/>`,
		`<repeat nodeset="/data/r"/>`))
	n := s.root.find("/data/r[2]")
	n.set(irrelevant, true)
	s.hide(n)
	s.computeAll()
	for ref, text := range map[Ref]string{"/data/second": "", "/data/third": "3", "/data/other": "3", "/data/indexed": "3", "/data/all": "1 3", "/data/r[3]/place": "3"} {
		want(t, string(ref), s.Value(ref).Text, text)
	}
}

func TestDatesInANodeOfText(t *testing.T) {
	s := mustStart(t, formWith("<d>2026-11-03</d><today/><now/><copy/><day/><shown/><text/><once/><later/><number/>", `
<bind nodeset="/data/d" type="date"/><bind nodeset="/data/today" type="string" calculate="today()"/><bind nodeset="/data/now" calculate="if(true(), now(), '')"/>
<bind nodeset="/data/copy" type="string" calculate="/data/d"/><bind nodeset="/data/day" type="date" calculate="now()"/>
<bind nodeset="/data/shown" type="string" calculate="concat(/data/today, ' ', /data/today = '2026-11-21', ' ', decimal-date-time(/data/now) - 20778)"/>
<bind nodeset="/data/text" type="string" calculate="string(today())"/><bind nodeset="/data/once" type="string" calculate="once(now())"/>
<bind nodeset="/data/later" type="dateTime" calculate="date(/data/d + 1)"/><bind nodeset="/data/number" type="int" calculate="today() - /data/d"/>`, ""))
	for ref, v := range map[Ref]Value{
		"/data/today": {DateTime, "2026-11-21T00:00:00.000+07:00"}, "/data/now": {DateTime, "2026-11-21T15:30:00.000+07:00"},
		"/data/copy": {DateTime, "2026-11-03T00:00:00.000+07:00"}, "/data/day": {Date, "2026-11-21"},
		"/data/shown": {String, "2026-11-21 true 0.3541666666678793"}, "/data/text": {String, "2026-11-21"},
		"/data/once": {DateTime, "2026-11-21T15:30:00.000+07:00"}, "/data/later": {DateTime, "2026-11-04T00:00:00.000+07:00"},
		"/data/number": {Integer, "18"},
	} {
		want(t, string(ref), s.Value(ref), v)
	}
}

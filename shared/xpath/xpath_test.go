package xpath

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// visit is what a small form looks like in the middle of being filled in.
const visit = `<data id="visit" xmlns:orx="http://openrosa.org/xforms">
  <household><name>Nguyễn Văn An</name><members>4</members><when>2026-11-16</when><at>2026-11-16T09:30:00.000+07:00</at></household>
  <needs>rice water tents</needs>
  <person><name>Lan</name><age>34</age></person>
  <person><name>Minh</name><age>7</age></person>
  <person><name>Hoa</name><age/></person>
  <place>16.0678 108.2208 10 5</place>
  <orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>
  <instance id="prices"><root>
    <item><name>rice</name><label>Gạo</label><price>18</price></item>
    <item><name>water</name><label>Nước</label><price>5</price></item>
    <item><name>tents</name><label>Lều</label><price>700</price></item>
  </root></instance>
</data>`

func tree(t testing.TB, text string) Node {
	t.Helper()
	d, err := ParseXML(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

// saigon is the zone of the tests: seven hours ahead, all year.
var saigon = time.FixedZone("+07", 7*3600)

// testEnv has a clock that stands still and randomness that repeats.
func testEnv() *Env {
	n := uint64(0)
	return &Env{
		Now:    func() time.Time { return time.Date(2026, 11, 22, 1, 30, 15, 250e6, time.UTC) },
		Zone:   saigon,
		Random: func() uint64 { n += 0x9e3779b97f4a7c15; return n },
	}
}

// find returns the first node that a path selects.
func find(t testing.TB, root Node, path string) Node {
	t.Helper()
	nodes, err := MustCompile(path).EvaluateNodes(testEnv(), root, nil)
	if err != nil || len(nodes) == 0 {
		t.Fatal(path, nodes, err)
	}
	return nodes[0]
}

// want is an expression and what string() makes of its value.
type want struct{ expr, value string }

// check evaluates over the visit, from the given node.
func check(t *testing.T, from string, wants []want) {
	t.Helper()
	node := find(t, tree(t, visit), from)
	for _, w := range wants {
		x, err := CompileWith(w.expr, Options{Namespaces: map[string]string{"orx": "http://openrosa.org/xforms"}})
		if err != nil {
			t.Errorf("%s: %v", w.expr, err)
			continue
		}
		got, err := x.EvaluateString(testEnv(), node)
		if err != nil {
			e, _ := errors.AsType[*Error](err)
			got = string(e.Code)
		}
		if got != w.value {
			t.Errorf("%s is %q, not %q (%v)", w.expr, got, w.value, err)
		}
	}
}

func TestPathsFromThePlaceOfAQuestion(t *testing.T) {
	check(t, "/data/person[2]/age", []want{
		{".", "7"},
		{"../name", "Minh"},
		{"../../household/name", "Nguyễn Văn An"},
		{"/data/person/name", "Lan"}, // of several, the first
		{"/data/person[2]/name", "Minh"},
		{"/data/person[last()]/name", "Hoa"},
		{"/data/person[age < 18]/name", "Minh"},
		{"/data/person[age = '']/name", "Hoa"},
		{"/data/person[name = current()/../name]/age", "7"},
		{"/data/person[position() = position(current()/..) - 1]/age", "34"},
		{"/data/person[position() = count(/data/person)]/name", "Hoa"},
		{"/data/person[name = string()]/name", "Hoa"}, // her age is blank
		{"/data/person[string-length(name) = string-length(string(name))][last()]/name", "Hoa"},
		{"count(/data/person)", "3"},
		{"count(../preceding-sibling::person)", "1"},
		{"position(..)", "2"},
		{"position(../..)", "1"},
		{"name(../following-sibling::*[1])", "person"},
		{"//item[price > 10][2]/label", "Lều"},
		{"(//item)[2]/name", "water"},
		{"count(//name | //name | //label)", "10"},
		{"name(/*)", "data"},
		{"/data/@id", "visit"},
		{"string(/data/orx:meta/orx:instanceID)", "uuid:1"},
		{"/data/xf:meta", "prefix"},
		{"ancestor::*[last()]/@id", "visit"},
		{"count(//person/node())", "6"},
		{"/data/nothing", ""},
		{"../../../..", ""},
		{"instance('prices')/root/item[name = 'rice']/price", "18"},
		{"instance('prices')/root/item[name = /data/needs]/price", ""},
		{"instance('prices')/root/item[selected(/data/needs, name)][3]/price", "700"},
		{"instance('nowhere')/root", "instance"},
		{"indexed-repeat(/data/person/name, /data/person, 2)", "Minh"},
		{"indexed-repeat(../name, .., 3)", "Hoa"},
		{"indexed-repeat(/data/person/name, /data/person, position(..) - 1)", "Lan"},
		{"indexed-repeat(/data/person/name, /data/person, 0)", "Lan"},
		{"indexed-repeat(/data/person/name, /data/household, 1)", "value"},
		{"indexed-repeat(/data/person/name, /data/person)", "arguments"},
		{"pulldata('prices', 'label', 'name', 'water')", "Nước"},
		{"pulldata('prices', 'label', 'name', 'salt')", ""},
	})
}

func TestAbsolutePathsCanBeReadAsJavaRosaDoes(t *testing.T) {
	root := tree(t, visit)
	age := find(t, root, "/data/person[2]/age")
	for _, w := range []want{
		{"/data/person/name", "Minh"},
		{"/data/person[1]/name", "Lan"},
		{"count(/data/person)", "1"},
		{"/data/household/members", "4"},
		{"/data/person[position() = 3]/name", "Hoa"},
		{"instance('prices')/root/item[name = 'rice' and /data/person/name = 'Minh']/price", "18"},
	} {
		env := testEnv()
		env.Qualify = true
		if got, err := MustCompile(w.expr).EvaluateString(env, age); err != nil || got != w.value {
			t.Errorf("%s is %q, not %q (%v)", w.expr, got, w.value, err)
		}
	}
}

func TestOperators(t *testing.T) {
	check(t, "/", []want{
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"7 mod 4 - -1", "4"},
		{"4div2", "2"},
		{"-5 mod 2", "-1"},
		{"1 div 0", "Infinity"},
		{"-1 div 0", "-Infinity"},
		{"0 div 0", "NaN"},
		{"'4' + true()", "5"},
		{"1 < 2 and 2 < 3", "true"},
		{"false() or 0", "false"},
		{"true() or nonsense()", "true"},
		{"false() and substring()", "false"},
		{"nonsense() or true()", "function"},
		{"'b' > 'a'", "false"}, // order is for numbers
		{"'10' > '9'", "true"},
		{"true() > false()", "true"},
		{"0.1 + 0.2 = 0.3", "true"},
		{"1 div 0 = 1 div 0", "true"},
		{"//age = 7", "true"},
		{"//age != 7", "true"}, // another one is
		{"not(//age = 8)", "true"},
		{"//none = //none", "false"},
		{"//none = false()", "true"},
		{"//age > 30", "true"},
		{"30 < //age", "true"},
		{"//person/name = //household/name", "false"},
		{"$x", "variable"},
		{"'a' | 'b'", "type"},
		{"('a')/b", "type"},
	})
}

func TestText(t *testing.T) {
	check(t, "/data/household/name", []want{
		{"string-length()", "13"},
		{"string-length('🌧')", "1"},
		{"upper-case(.)", "NGUYỄN VĂN AN"},
		{"normalize-space('  a \n b ')", "a b"},
		{"concat('a', 1, true())", "a1true"},
		{"concat(//person/name)", "LanMinhHoa"},
		{"join(', ', //person/name)", "Lan, Minh, Hoa"},
		{"substr('hello', 1, 3)", "el"},
		{"substr('hello', -2)", "lo"},
		{"substr('hello', 3, 1)", ""},
		{"substring('12345', 1.5, 2.6)", "234"},
		{"substring('12345', 0 div 0, 3)", ""},
		{"substring('12345', -42, 1 div 0)", "12345"},
		{"substring('12345', -1 div 0, 1 div 0)", ""},
		{"substring-before('a=b=c', '=')", "a"},
		{"substring-after('a=b=c', '=')", "b=c"},
		{"substring-after('abc', '=')", ""},
		{"translate('Đà Nẵng', 'Đàẵ', 'Daa')", "Da Nang"},
		{"translate('aabb', 'ab', 'x')", "xx"},
		{"starts-with(., 'Nguyễn')", "true"},
		{"ends-with('abc', 'bc')", "true"},
		{"regex('GL014', '[A-Z]{2}[0-9]{3}')", "true"},
		{"regex('xGL014', '[A-Z]{2}[0-9]{3}')", "false"}, // the whole text
		{"regex('0000', '^(?!0+$)[0-9]{4}$')", "false"},
		{"regex('0010', '^(?!0+$)[0-9]{4}$')", "true"},
		{`regex('Đ', '\u0110')`, "true"},
		{`regex('aa', '(a)\1')`, "value"},
		{"digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"digest('abc', 'CRC')", "value"},
		{"base64-decode('xJDDoA==')", "Đà"},
		{"base64-decode('?')", "value"},
	})
}

func TestNumbers(t *testing.T) {
	check(t, "/", []want{
		{"1000000 * 1000000 * 1000000 * 10000000", "10000000000000000000000000"},
		{"1 div 1000000000", "0.000000001"},
		{"-0", "0"},
		{"number('4,5')", "4.5"},
		{"number('1e3')", "NaN"},
		{"number('+1')", "NaN"},
		{"number(' -12. ')", "-12"},
		{"number('')", "NaN"},
		{"number('-')", "NaN"},
		{"number(true())", "1"},
		{"int(-2.7)", "-2"},
		{"floor(-2.7)", "-3"},
		{"ceiling(-2.2)", "-2"},
		{"round(2.5)", "3"},
		{"round(-2.5)", "-2"},
		{"round(0.49999999999999994)", "0"},
		{"round(1.005, 2)", "1.01"},
		{"round(-160, -2)", "-200"},
		{"round(1, 31)", "NaN"},
		{"sum(//age)", "41"},
		{"sum(//price) div count(//price)", "241"},
		{"min(//age)", "7"},
		{"max(3, //age, 9)", "34"},
		{"max(//none)", "NaN"},
		{"pow(2, 10)", "1024"},
		{"abs(-3)", "3"},
		{"round(sin(pi() div 2), 6)", "1"},
		{"sum(3)", "type"},
		{"count-non-empty(//age)", "2"},
	})
}

func TestTruth(t *testing.T) {
	check(t, "/data/needs", []want{
		{"if(selected(., 'rice'), 'yes', 'no')", "yes"},
		{"if(true(), 'yes', nonsense())", "yes"},
		{"count(if(true(), //person, //item))", "3"},
		{"coalesce('', 'b')", "b"},
		{"coalesce(//none, 0 div 0)", "NaN"},
		{"boolean('false')", "true"},
		{"boolean-from-string('True')", "true"},
		{"boolean-from-string('yes')", "false"},
		{"not(//none)", "true"},
		{"once(random())", "rice water tents"},
		{"selected(., 'ric')", "false"},
		{"selected-at(., 1)", "water"},
		{"selected-at(., 3)", ""},
		{"count-selected(.)", "3"},
		{"checklist(2, -1, true(), //age = 7, false())", "true"},
		{"checklist(1, 1, //age)", "false"}, // two of them have text
		{"weighted-checklist(5, 9, true(), 4, 1 = 1, 2)", "true"},
		{"weighted-checklist(5, 9, true())", "arguments"},
		{"depend(1, //age)", "1"},
	})
}

func TestDates(t *testing.T) {
	check(t, "/data/household/when", []want{
		{"today()", "2026-11-22"},
		{"now()", "2026-11-22T08:30:15.250+07:00"},
		{". < today()", "true"},
		{"today() - .", "6"},
		{". + 1", "20774"},
		{"date(. + 1)", "2026-11-17"},
		{"date('2026-2-3')", "2026-02-03"},
		{"date('2026-02-30')", "value"},
		{"date('')", ""},
		{"date(../at)", "2026-11-16"},
		{". = ../at", "true"}, // the same day
		{"../at > .", "false"},
		{"../at > '2026-11-16T02:29:59Z'", "true"},
		{"(now() - ../at) * 24 > 143 - 1 div 60", "true"},
		{"number('1970-01-02T12:00:00+07:00')", "1.5"},
		{"decimal-date-time('1970-01-02T12:00:00Z')", "1.5"},
		{"decimal-date-time('1970-01-02T07:00')", "1"},
		{"date-time(1)", "1970-01-02T07:00:00.000+07:00"},
		{"date-time(decimal-date-time(../at) + 1)", "2026-11-17T09:30:00.000+07:00"},
		{"decimal-time('12:00:00.000+07:00')", "0.5"},
		{"decimal-time('06:00')", "0.25"},
		{"decimal-time('25:00')", "value"},
		{"format-date(., '%e.%n.%Y %a %b %y %d/%m')", "16.11.2026 Mon Nov 26 16/11"},
		{"format-date-time(../at, '%H:%M:%S.%3 %h %% %W')", "09:30:00.000 9 % 47"},
		{"format-date(., '%Q')", "value"},
		{"format-date('', '%Y')", ""},
		{"boolean(date('2026-01-01'))", "true"},
		{"'2026-11-16' = '2026-11-16T23:59'", "true"},
		{"date(1 div 0)", "value"},
	})
}

func TestDatesAreToldFromText(t *testing.T) {
	env := testEnv()
	for text, want := range map[string]string{
		"today()": "2026-11-22T00:00:00.000+07:00", "if(true(), now(), '')": "2026-11-22T08:30:15.250+07:00", "coalesce('', date(0))": "1970-01-01T00:00:00.000+07:00",
		"date-time('2026-11-22T01:00:00Z')": "2026-11-22T08:00:00.000+07:00", "string(today())": "", "concat(now())": "", "'2026-11-22'": "", "date('')": "", "today() - 1": "",
	} {
		v, err := MustCompile(text).Evaluate(env, nil)
		if err != nil || v.IsDate() != (want != "") {
			t.Errorf("%s: a date: %v (%v)", text, v.IsDate(), err)
		}
		if got, ok := env.DateTime(v.String()); v.IsDate() && (!ok || got != want) {
			t.Errorf("%s is %s, not %s", text, got, want)
		}
	}
	if _, ok := env.DateTime("2026-02-30"); ok {
		t.Error("a day that there is not is a date")
	}
}

func TestDaysOfTheCalendar(t *testing.T) {
	for day := int64(firstDay); day <= lastDay; day += 13 {
		y, m, d := dateOf(day).Date()
		if civilDay(y, m, d) != day || d > daysIn(y, m) {
			t.Fatal(day, y, m, d)
		}
	}
	for y := range 3000 {
		if d := time.Date(y, time.March, 0, 0, 0, 0, 0, time.UTC).Day(); daysIn(y, time.February) != d {
			t.Fatal(y, d)
		}
	}
}

func TestPlaces(t *testing.T) {
	check(t, "/data/place", []want{
		{"round(distance('0 0;0 1'), 3)", "111318.845"},
		{"distance('')", "NaN"},
		{"distance(., .)", "0"},
		{"round(area('0 0;0 1;1 1;1 0;0 0') div 1000000)", "12391"},
		{"geofence(., '16 108;16 109;17 109;17 108;16 108')", "true"},
		{"geofence('15 108', '16 108;16 109;17 109;17 108;16 108')", "false"},
		{"geofence('', .)", "value"},
	})
}

func TestChance(t *testing.T) {
	check(t, "/", []want{
		{"random() < 1", "true"},
		{"string-length(uuid())", "36"},
		{"substr(uuid(), 14, 15)", "4"},
		{"string-length(uuid(8))", "8"},
		{"uuid(-1)", "value"},
		{"join(' ', randomize(//item/name, 7))", "tents water rice"},
		{"join(' ', randomize(//item/name, 42)) = join(' ', randomize(//item/name, '42'))", "true"},
		{"count(randomize(//item))", "3"},
	})
}

func TestWithoutClockOrChance(t *testing.T) {
	for _, text := range []string{"now()", "today()", "random()", "uuid()"} {
		_, err := MustCompile(text).Evaluate(nil, nil)
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeHost {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTheTableIsTheLibrary(t *testing.T) {
	listed := map[string]bool{}
	last := ""
	for _, f := range Functions() {
		if f.Name <= last {
			t.Errorf("%s stands behind %s", f.Name, last)
		}
		last, listed[f.Name] = f.Name, true
		if (library[f.Name] == nil) != (f.Absent != "") {
			t.Errorf("%s: listed as absent: %q", f.Name, f.Absent)
		}
	}
	for name := range library {
		if !listed[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}

func ExampleExpr_EvaluateBoolean() {
	doc, _ := ParseXML(strings.NewReader(`<data><row><price>60</price></row><row><price>70</price></row><colours>red blue</colours></data>`))
	x, err := Compile("sum(/data/row/price) > 100 and selected(/data/colours, 'red')")
	if err != nil {
		fmt.Println(err)
		return
	}
	ok, err := x.EvaluateBoolean(&Env{}, doc.Root())
	fmt.Println(ok, err)
	// Output: true <nil>
}

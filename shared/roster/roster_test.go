package roster

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"banlang/shared/record"
)

// told is a publication of some people, as devices hold it.
func told(t testing.TB, at record.Millis, people ...Person) *record.Change {
	t.Helper()
	topic, payload, err := Pack(people)
	if err != nil {
		t.Fatal(err)
	}
	return &record.Change{Kind: record.KindPublish, Dot: record.Dot{Run: 7, N: record.Number(at)}, Time: at, Topic: topic, Payload: payload}
}

// TestWhoWasItThen: a name is the latest one, a unit that of the day; and the order in which publications come is no matter.
func TestWhoWasItThen(t *testing.T) {
	first := told(t, 100, Person{"tra", "Trần Thị Trà", "SL017"}, Person{"nam.vn", "Đỗ Nam", "SL"})
	moved := told(t, 200, Person{"tra", "Trần Thị Trà", "SL"})
	married := told(t, 300, Person{"tra", "Trần Thị Trà My", "SL"})
	other := &record.Change{Kind: record.KindPublish, Time: 400, Topic: "units/tree", Payload: first.Payload}
	for _, held := range [][]*record.Change{{first, moved, married, other}, {other, married, first, moved}} {
		r := Learn(held)
		for at, want := range map[record.Millis]string{50: "SL017", 100: "SL017", 199: "SL017", 200: "SL", 999: "SL"} {
			if p, ok := r.At("tra", at); !ok || p != (Person{Name: "Trần Thị Trà My", Unit: want}) {
				t.Errorf("at %d: %+v", at, p)
			}
		}
		if p, _ := r.At("nam.vn", 500); p.Name != "Đỗ Nam" {
			t.Errorf("%+v", p)
		}
		if p, ok := r.At("nobody", 500); ok {
			t.Errorf("nobody is %+v", p)
		}
	}
	if _, ok := (*Roster)(nil).At("tra", 1); ok {
		t.Error("nothing knows somebody")
	}
}

// TestBackToBefore: a person who is called again what he was called before is, although the publication is the same.
func TestBackToBefore(t *testing.T) {
	a, b := Person{"tra", "Trà", "SL"}, Person{"tra", "Chè", "SL"}
	if p, _ := Learn([]*record.Change{told(t, 1, a), told(t, 2, b), told(t, 3, a)}).At("tra", 3); p.Name != "Trà" {
		t.Errorf("%+v", p)
	}
}

// TestNoAccountTravels: nothing by which somebody signs in is in a publication.
func TestNoAccountTravels(t *testing.T) {
	c := told(t, 1, Person{"nam.vn", "Đỗ Nam", "SL"})
	if bytes.Contains(c.Payload, []byte("nam")) || strings.Contains(c.Topic, "nam") {
		t.Errorf("%s %q", c.Topic, c.Payload)
	}
}

// TestWhatCannotBeRead tells nothing, and the rest stands: a later format, a cut, any byte altered.
func TestWhatCannotBeRead(t *testing.T) {
	good := told(t, 1, Person{"tra", "Trần Thị Trà", "SL"})
	more := *good
	more.Payload = append([]byte{formatLines + 1}, good.Payload[1:]...)
	damaged := []*record.Change{&more}
	for n := range good.Payload {
		cut, flipped := *good, *good
		cut.Payload = good.Payload[:n]
		flipped.Payload = bytes.Clone(good.Payload)
		flipped.Payload[n] ^= 0xff
		damaged = append(damaged, &cut, &flipped)
	}
	huge := *good
	huge.Payload = append([]byte{formatLines}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)
	damaged = append(damaged, &huge)
	for i, c := range damaged {
		Learn([]*record.Change{c}) // it ends, and takes no memory to speak of
		c.Time = 0
		if p, ok := Learn([]*record.Change{c, good}).At("tra", 1); !ok || p.Name != "Trần Thị Trà" || p.Unit != "SL" {
			t.Errorf("%d: %+v", i, p)
		}
	}
	if _, ok := Learn([]*record.Change{&more}).At("tra", 1); ok {
		t.Error("a later format is read")
	}
	for _, bad := range []string{"Trà\tX", "Trà\n", "Trà\r"} {
		if _, _, err := Pack([]Person{{"tra", bad, "SL"}}); err == nil {
			t.Errorf("%q is written", bad)
		}
	}
	if _, _, err := Pack(make([]Person, MaxPeople+1)); err == nil {
		t.Error("no limit")
	}
}

// TestBytes holds what is told of staff to what a bad link bears: 3,000 at once are as much as the tree of the country with
// its history, and one is less than a record.
func TestBytes(t *testing.T) {
	family := strings.Fields("Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Rơ Siu Lò Vàng Giàng Kpă Nay")
	middle := strings.Fields("Văn Thị Quốc Minh Đức Hữu Ngọc Thanh Xuân Hồng")
	given := strings.Fields("Anh Bình Châu Dũng Điềm Giang Hà Hải Hạnh Hiền Hòa Hùng Hương Khánh Lan Linh Long Mai Nam Nga Phong Quang Sơn Tâm Thảo Trà Tuấn Vân Việt Yến")
	chance := rand.New(rand.NewPCG(1, 2))
	one := func(of []string) string { return of[chance.IntN(len(of))] }
	var all []Person
	for i := range 3000 {
		name := strings.Join([]string{one(family), one(middle), one(given)}, " ")
		all = append(all, Person{fmt.Sprint("tra.", i), name, fmt.Sprintf("%05d", chance.IntN(32000))})
	}
	whole, single := len(told(t, 1, all...).Payload), len(told(t, 1, all[0]).Payload)
	t.Logf("3,000 people: %d bytes; one: %d bytes", whole, single)
	if whole > 75_000 || single > 60 {
		t.Errorf("%d and %d bytes", whole, single)
	}
	if p, ok := Learn([]*record.Change{told(t, 1, all...)}).At(all[2999].Account, 1); !ok || p.Name != all[2999].Name {
		t.Errorf("%+v", p)
	}
}

package spec

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/draw"
)

type flavour uint8

type part struct{ Size draw.Dist }

type owner struct {
	Count   int
	Room    int
	HasRoom bool
	Wait    time.Duration
	Share   float64
	Work    draw.Dist
	Kind    flavour
	Fast    bool
	Seed    uint64
	Part    part
}

var partTable = New(Table{Name: "part", Short: true, Fields: []Field{
	{Key: "size", Kind: SizeDist, Default: Of(0), At: At(func(p *part) *draw.Dist { return &p.Size })},
}})

var table = New(Table{Name: "owner", Fields: []Field{
	{Key: "count", Kind: Count, Min: 1, Max: 10, Unlimited: true, Default: Of(3), At: At(func(o *owner) *int { return &o.Count })},
	{Key: "room", Kind: Count, Max: 10, Default: Of(5), At: At(func(o *owner) *int { return &o.Room }), Has: At(func(o *owner) *bool { return &o.HasRoom })},
	{Key: "wait", Path: "pause", Kind: Duration, None: true, Default: Never, At: At(func(o *owner) *time.Duration { return &o.Wait })},
	{Key: "share", Kind: Share, Default: Of(0), At: At(func(o *owner) *float64 { return &o.Share })},
	{Key: "work", Kind: TimeDist, Default: Required, At: At(func(o *owner) *draw.Dist { return &o.Work })},
	{Key: "kind", Kind: Word, Words: []string{"sweet", "sour"}, Default: Of(0), At: Enum(func(o *owner) *flavour { return &o.Kind })},
	{Key: "pace", Kind: Word, Words: []string{"slow", "fast"}, Default: Written(1), At: At(func(o *owner) *bool { return &o.Fast })},
	{Key: "seed", Kind: Count, Max: 100, Default: Written(7), At: At(func(o *owner) *uint64 { return &o.Seed })},
	{Key: "part", Kind: Part, Inner: partTable, At: At(func(o *owner) *part { return &o.Part })},
	{Key: "each", Kind: Count, Max: 100, Default: Auto("twice count", func(o *owner) float64 { return 2 * float64(o.Count) }), At: At(func(o *owner) *int { return &o.Room })},
}})

func TestValues(t *testing.T) {
	for _, c := range []struct{ key, unset, set, text string }{
		{"count", "3", "7", "7"},
		{"count", "3", "unlimited", "unlimited"},
		{"room", "5", "0", "0"},
		{"wait", "none", "1500ms", "1.5s"},
		{"wait", "none", "none", "none"},
		{"share", "0%", "0.25", "25%"},
		{"work", "0s", "exp(5ms)", "exp(5ms)"},
	} {
		var o owner
		f := table.Field(c.key)
		if got := f.Text(f.Load(&o)); got != c.unset {
			t.Errorf("%s is %s, want %s", c.key, got, c.unset)
		}
		v, err := f.Parse(c.set)
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		f.Store(&o, v)
		if got := f.Text(f.Load(&o)); got != c.text {
			t.Errorf("%s = %s is %s, want %s", c.key, c.set, got, c.text)
		}
		var other owner
		f.Copy(&other, &o)
		if other.Count != o.Count || other.Room != o.Room || other.HasRoom != o.HasRoom || other.Wait != o.Wait || other.Share != o.Share {
			t.Errorf("%s: copied as %+v from %+v", c.key, other, o)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ key, set, msg string }{
		{"count", "0", "0 is below the least possible, 1"},
		{"count", "11", "11 is above the most possible, 10"},
		{"count", "1.5", "not a whole number"},
		{"count", "none", `"none" is not possible here`},
		{"count", "", "no value given"},
		{"wait", "3", "the unit is missing"},
		{"wait", "3/s", "the unit does not fit"},
		{"share", "-1%", "negative"},
		{"work", "30000d", "30000d is above the most possible, 7300d"},
	} {
		if _, err := table.Field(c.key).Parse(c.set); err == nil || err.Error() != c.msg {
			t.Errorf("%s = %q: %v, want %s", c.key, c.set, err, c.msg)
		}
	}
}

func TestMean(t *testing.T) {
	f := table.Field("work")
	old, err := f.Parse("exp(5ms)")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := f.ParseMean("10ms", old); err != nil || f.Text(v) != "exp(10ms)" {
		t.Errorf("%s, %v", f.Text(v), err)
	}
	_, err = f.ParseMean("7", old)
	if e, ok := err.(*Error); !ok || e.Hint != "write a time with its unit, such as 250ms, 2s or 1m" {
		t.Errorf("%#v", err)
	}
	if _, err := f.Scale(math.NaN(), old); err == nil {
		t.Error("scaled to nothing")
	}
}

func TestWordsAndDefaults(t *testing.T) {
	o := owner{Count: 4}
	table.Fill(&o)
	if !o.Fast || o.Seed != 7 {
		t.Errorf("filled as %+v", o)
	}
	for _, key := range []string{"kind", "pace"} {
		f := table.Field(key)
		for i := range f.Words {
			if f.Choose(&o, i); f.Chosen(&o) != i {
				t.Errorf("%s: chose %d, is %d", key, i, f.Chosen(&o))
			}
		}
	}
	if f := table.Field("each"); f.Number(f.Load(&o)) != 8 {
		t.Errorf("each is %v", f.Load(&o))
	}
	for key, want := range map[string]string{"count": "3", "wait": "none", "kind": "sweet", "pace": "fast", "part": "0B", "each": "twice count", "work": ""} {
		if got, _ := table.Field(key).Says(); got != want {
			t.Errorf("the default of %s is %q, want %q", key, got, want)
		}
	}
}

func TestNamesAndLabels(t *testing.T) {
	for key, want := range map[string]string{"count": "count", "wait": "pause", "kind": "", "part": "part"} {
		if name, ok := table.Field(key).Param(); name != want || ok != (want != "") {
			t.Errorf("%s is the parameter %q, %v", key, name, ok)
		}
	}
	if f := table.Field("work"); f.Label != "s" || f.Max != MaxTime.Seconds() || f.Kind.Unit() != draw.Seconds {
		t.Errorf("work: %+v", f)
	}
	var seen []string
	table.Visit(func(of *Table, f *Field) { seen = append(seen, of.Name+"."+f.Key) })
	if len(seen) != len(table.Fields)+1 {
		t.Errorf("visited %v", seen)
	}
}

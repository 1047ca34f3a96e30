package measure

import (
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// A clone shares no memory with its original; a slice added to the recorder and
// forgotten in Clone is found here.
func TestCloneSharesNothing(t *testing.T) {
	r := newScripted()
	r.Start(150, 1000, 4)
	for i := range int64(300) {
		sampleBefore(r, 10*i)
		r.Inc(0)
		r.Level(0, 10*i, 1)
		r.Observe(0, i)
	}
	if len(r.rows.cells) == 0 {
		t.Fatal("the recorder has no cells")
	}
	c := r.Clone()
	var check func(path string, a, b reflect.Value)
	check = func(path string, a, b reflect.Value) {
		switch a.Kind() {
		case reflect.Struct:
			for i := range a.NumField() {
				check(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
			}
		case reflect.Slice:
			if a.Cap() > 0 && a.Pointer() == b.Pointer() {
				t.Errorf("%s is shared", path)
			}
			if a.Len() != b.Len() {
				t.Errorf("%s has %d elements, its clone %d", path, a.Len(), b.Len())
			}
		}
	}
	check("Recorder", reflect.ValueOf(*r), reflect.ValueOf(c))
}

// A ramp adds the area of the trapezoid, half units of its mean left out.
func TestRamp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := new(Recorder)
		l := r.AddLevel(1)
		r.Start(0, -1, 10)
		want, now, value, highest := new(big.Int), int64(0), int64(0), int64(0)
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			dt := rapid.Int64Range(0, 1e13).Draw(t, "dt")
			from := rapid.Int64Range(0, 1e13).Draw(t, "from")
			value = from + dt
			highest = max(highest, from, value)
			r.SetLevel(l, now, from)
			want.Add(want, new(big.Int).Mul(big.NewInt((from+value)/2), big.NewInt(dt)))
			r.Ramp(l, now, now+dt, value)
			now += dt
		}
		r.Finish(now)
		if got := toBig(r.levelArea(l)); got.Cmp(want) != 0 || r.LevelValue(l) != value || r.LevelMax(l) != highest {
			t.Fatalf("integral %v, want %v; value %d max %d", got, want, r.LevelValue(l), r.LevelMax(l))
		}
	})
}

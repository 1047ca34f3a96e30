package measure

import (
	"cmp"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// event is one call of the hot path.
type event struct {
	at    int64
	kind  int // 0 counter, 1 level, 2 histogram, 3 counter of operations, 4 histogram of operations
	id    int
	value int64
	from  int64 // arrival of the operation
}

const scriptSize = 3 // counters, levels and histograms in a script

// drawScript draws events in the order of time, many of them simultaneous and
// some exactly on a multiple of grid.
func drawScript(t *rapid.T, end, grid int64) []event {
	one := rapid.Custom(func(t *rapid.T) event {
		e := event{
			at:   rapid.Int64Range(0, end-1).Draw(t, "at"),
			kind: rapid.IntRange(0, 4).Draw(t, "kind"),
			id:   rapid.IntRange(0, scriptSize-1).Draw(t, "id"),
		}
		if rapid.Bool().Draw(t, "on the grid") {
			e.at -= e.at % grid
		}
		e.from = e.at - rapid.Int64Range(0, e.at).Draw(t, "age")
		switch e.kind {
		case 1:
			e.value = rapid.Int64Range(-5, 7).Draw(t, "delta")
		case 2, 4:
			e.value = rapid.Int64Range(0, 1<<rapid.IntRange(0, 62).Draw(t, "octave")).Draw(t, "nanos")
		}
		return e
	})
	script := rapid.SliceOfN(one, 0, 200).Draw(t, "script")
	slices.SortStableFunc(script, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return script
}

func newScripted() *Recorder {
	r := new(Recorder)
	r.AddCounter(scriptSize)
	r.AddLevel(scriptSize)
	r.AddHist(scriptSize)
	return r
}

// play runs events as an engine would: sampling is the last phase of an instant.
func play(r *Recorder, script []event) {
	for _, e := range script {
		sampleBefore(r, e.at)
		switch e.kind {
		case 0:
			r.Add(Counter(e.id), 1+uint64(e.at%3))
		case 1:
			r.Level(LevelID(e.id), e.at, e.value)
		case 2:
			r.Observe(HistID(e.id), e.value)
		case 3:
			r.IncOp(Counter(e.id), e.from)
		case 4:
			r.ObserveOp(HistID(e.id), e.value, e.from)
		}
	}
}

func sampleBefore(r *Recorder, at int64) {
	for r.NextSample() < at {
		r.Sample(r.NextSample())
	}
}

func finish(r *Recorder, at int64) {
	sampleBefore(r, at)
	r.Finish(at)
}

// clone is the copy a checkpoint makes.
func clone(r *Recorder) *Recorder {
	c := r.Clone()
	return &c
}

func sameRows(t *rapid.T, got, want *Recorder) {
	a, b := dense(got), dense(want)
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("rows differ:\n got %+v\nwant %+v", a, b)
	}
}

// dense are the rows of a recorder with those of quiet metrics.
func dense(r *Recorder) (all []any) {
	for b := range r.rows.n {
		for i := range r.counters {
			all = append(all, r.rows.count(b, i))
		}
		for i := range r.levels {
			all = append(all, r.rows.level(b, i))
		}
		for i := range r.hists {
			row := r.rows.hist(b, i)
			row.end = 0
			all = append(all, row, slices.Clone(r.rows.cellsOf(b, i)))
		}
	}
	return all
}

// Coalesced series equal series recorded with wide buckets from the beginning.
func TestCoalescingIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := 2 * rapid.IntRange(1, 6).Draw(t, "half the points")
		width := rapid.Int64Range(1, 50).Draw(t, "width")
		end := rapid.Int64Range(1, 40*int64(points)).Draw(t, "end") * width / rapid.Int64Range(1, 3).Draw(t, "odd")
		end = max(end, 1)
		warmup := rapid.Int64Range(0, end+10).Draw(t, "warmup")
		script := drawScript(t, end, width)

		narrow, wide := newScripted(), newScripted()
		narrow.Start(warmup, int64(points)*width, points)
		if narrow.clock.width != width {
			t.Fatalf("width %d, want %d", narrow.clock.width, width)
		}
		play(narrow, script)
		finish(narrow, end)

		doubled := narrow.clock.width
		wide.Start(warmup, 1000*doubled, 1000)
		play(wide, script)
		finish(wide, end)
		sameRows(t, narrow, wide)
		if narrow.rows.n > points {
			t.Fatalf("%d rows, at most %d wanted", narrow.rows.n, points)
		}
		if doubled > width && 2*end <= int64(points)*doubled {
			t.Fatalf("width %d at end %d: doubled too early", doubled, end)
		}
	})
}

// A copy that goes on gives the same as the run it was taken from, and the run
// is not disturbed by what its copy does.
func TestCheckpoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.Int64Range(1, 5000).Draw(t, "end")
		warmup := rapid.Int64Range(0, end).Draw(t, "warmup")
		script := drawScript(t, end, 10)
		cut := rapid.IntRange(0, len(script)).Draw(t, "cut")

		straight := newScripted()
		straight.Start(warmup, 120, 12)
		play(straight, script)

		r := newScripted()
		r.Start(warmup, 120, 12)
		play(r, script[:cut])
		saved := clone(r)
		play(r, script[cut:])
		finish(r, end+77)
		play(saved, script[cut:])
		for _, other := range []*Recorder{straight, saved} {
			finish(other, end+77)
			sameRows(t, other, r)
			a, b := *other, *r
			a.rows, b.rows = rows{}, rows{}
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("state differs:\n got %+v\nwant %+v", a, b)
			}
		}
	})
}

// The recorder must survive a flat copy: no pointers, maps, functions,
// interfaces or channels anywhere, and slices only of plain values.
func TestRecorderIsFlat(t *testing.T) {
	var check func(path string, typ reflect.Type, inSlice bool)
	check = func(path string, typ reflect.Type, inSlice bool) {
		switch typ.Kind() {
		case reflect.Struct:
			for i := range typ.NumField() {
				f := typ.Field(i)
				check(path+"."+f.Name, f.Type, inSlice)
			}
		case reflect.Array:
			check(path+"[]", typ.Elem(), inSlice)
		case reflect.Slice:
			if inSlice {
				t.Errorf("%s is a slice inside a slice", path)
			}
			check(path+"[]", typ.Elem(), true)
		case reflect.Pointer, reflect.Map, reflect.Func, reflect.Interface, reflect.Chan,
			reflect.UnsafePointer, reflect.String:
			t.Errorf("%s is a %s", path, typ.Kind())
		}
	}
	check("Recorder", reflect.TypeFor[Recorder](), false)
}

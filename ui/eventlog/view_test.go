package eventlog

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// session is one of a library scenario, at a time.
func session(t testing.TB, scenario string, designs []int, at time.Duration) *control.Session {
	t.Helper()
	sc, err := scenarios.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	s, err := control.Open(sc, designs, control.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for !s.Advance(at, 1_000_000) {
	}
	return s
}

func board(s *control.Session) *control.Board { return s.Board(nil, nil, 0, "") }

func shown(t testing.TB, mode palette.Mode, size fyne.Size) (*View, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(palette.NewTheme(mode))
	v := New()
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(size)
	return v, w
}

func keep(t testing.TB, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("ASYNCLAB_PICTURES") // to look at
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestShowsLog(t *testing.T) {
	s := session(t, "order-flow", []int{0, 1}, 4*time.Minute+100*time.Millisecond)
	defer locale.Use("en")
	for _, lang := range []string{"en", "zh-Hans"} {
		locale.Use(lang)
		for _, mode := range []palette.Mode{palette.Light, palette.Dark} {
			v, w := shown(t, mode, fyne.NewSize(520, 360))
			v.Lanes = []string{"chain", "broker"}
			v.Set(board(s))
			if len(v.rows) == 0 || !v.atEnd() {
				t.Fatalf("%d lines, at the end: %v", len(v.rows), v.atEnd())
			}
			keep(t, "log-"+lang+"-"+string(mode), w.Canvas().Capture())
			test.Tap(v.unfold)
			if !v.atEnd() {
				t.Error("the end is out of sight")
			}
			test.Tap(v.checks[record.Rejection])
			test.Tap(v.checks[record.Fault])
			for _, i := range v.rows {
				if c := v.log[i].Group(); c != record.Rejection && c != record.Fault {
					t.Errorf("%s passes the filter", Say(&v.log[i], nil))
				}
			}
			if n := len(v.rows); float32(n)*rowHeight() < v.list.Size().Height && v.list.GetScrollOffset() != 0 {
				t.Errorf("%d lines fit, and it is scrolled by %v", n, v.list.GetScrollOffset())
			}
			if len(v.rows) == 0 {
				t.Error("payment has crashed, and nothing is left to see of it")
			}
			keep(t, "log-filtered-"+lang+"-"+string(mode), w.Canvas().Capture())
		}
	}
}

// Who has scrolled up reads in peace, is told of what is new, and is led back.
func TestFollow(t *testing.T) {
	s := session(t, "order-flow", []int{0}, time.Minute)
	v, w := shown(t, palette.Light, fyne.NewSize(500, 300))
	v.Set(board(s))
	s.Advance(61*time.Second, 0)
	v.Set(board(s))
	if v.log[len(v.log)-1].Time < int64(60500*time.Millisecond) || !v.atEnd() || v.fresh.Visible() {
		t.Fatal("it does not follow")
	}
	v.list.ScrollToOffset(v.list.GetScrollOffset() - 200)
	reading, at := slices.Clone(v.rows), v.list.GetScrollOffset()
	s.Advance(61200*time.Millisecond, 0)
	v.Set(board(s))
	if !slices.Equal(reading, v.rows) || v.list.GetScrollOffset() != at || !v.fresh.Visible() {
		t.Error("it does not stand still while one reads")
	}
	keep(t, "log-scrolled", w.Canvas().Capture())
	test.Tap(v.fresh)
	if !v.atEnd() || v.fresh.Visible() || v.log[len(v.log)-1].Time < int64(61*time.Second) {
		t.Error("it does not lead back to the end")
	}
	v.list.ScrollToTop()
	if err := s.JumpTo(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	for !s.Work(1_000_000) {
	}
	v.Set(board(s))
	if n := len(v.log); n > 0 && v.log[n-1].Time > int64(30*time.Second) {
		t.Error("after going back it shows what is still to come")
	}
}

func TestPickAndFilters(t *testing.T) {
	s := session(t, "order-flow", []int{0}, 4*time.Minute+time.Second)
	v, _ := shown(t, palette.Light, fyne.NewSize(500, 300))
	v.Set(board(s))
	var picked []uint64
	v.OnPick = func(lane int, op uint64) { picked = append(picked, op) }
	for range 2 {
		v.list.Select(len(v.rows) - 1)
	}
	want := v.log[v.rows[len(v.rows)-1]].Op
	if !slices.Equal(picked, []uint64{want, want}) {
		t.Errorf("picked %v, want %d twice", picked, want)
	}
	v.Only(0, want)
	for _, i := range v.rows {
		if v.log[i].Op != want {
			t.Errorf("%s is of another operation", Say(&v.log[i], nil))
		}
	}
	v.Only(0, 0)
	v.At("stock")
	if len(v.rows) == 0 || v.element.Selected != "stock" {
		t.Error("nothing about stock")
	}
	for _, i := range v.rows {
		if !v.log[i].Concerns("stock") {
			t.Errorf("%s is not about stock", Say(&v.log[i], nil))
		}
	}
	v.At("")
	test.Type(v.text, "no such words")
	if len(v.rows) != 0 || v.none.Text == "" {
		t.Error("an empty list does not say why it is empty")
	}
}

// Everything that can happen has words of its own.
func TestSay(t *testing.T) {
	seen := map[string]engine.RecordKind{}
	for k := engine.OpArrived; k <= engine.Changed; k++ {
		e := control.Entry{Entry: sequence.Entry{Record: engine.Record{Kind: k, Op: 7, Seq: 1233}, NodeName: "shop", ToName: "pay", QueueName: "bus/q"}, FaultName: "crash"}
		text := Say(&e, nil)
		if old, ok := seen[text]; ok && !(k == engine.MsgDuplicated || old == engine.MsgDuplicated) {
			t.Errorf("%d and %d both say %q", old, k, text)
		}
		seen[text] = k
		if !strings.Contains(text, "1234") {
			t.Errorf("%q does not name its operation", text)
		}
	}
	e := control.Entry{Entry: sequence.Entry{Record: engine.Record{Kind: engine.MsgLost, Op: 7, Queue: -1, Message: engine.ReplyMessage, Cause: design.Timeout, Why: design.Causes()[0]}, NodeName: "pay", ToName: "shop"}}
	if got, want := Say(&e, nil), "pay → shop  error reply: timeout (lost)  #1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	named := func(node string) string { return map[string]string{"pay": "支付"}[node] }
	if got, want := Say(&e, named), "支付 → shop  error reply: timeout (lost)  #1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := called("bus/pay", named), "bus/支付"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A log is given ten times a second while one looks at it.
func BenchmarkSet(b *testing.B) {
	s := session(b, "order-flow", []int{0}, time.Minute)
	v, _ := shown(b, palette.Light, fyne.NewSize(520, 360))
	d := board(s)
	for b.Loop() {
		v.Set(d)
	}
}

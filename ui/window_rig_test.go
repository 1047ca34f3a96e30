package ui

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/lab"
	"asynclab/ui/learn"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// Windows are made and thrown away by the hundred here: collecting them less
// often makes the tests a quarter faster.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// rig is a window of the program, driven by a test. The test's goroutine is the
// window's: what others ask of it by fyne.Do waits in a queue until the test
// lets it be done (Fyne's test driver would do it on the asking goroutine). The
// clock stands still until the test moves it.
type rig struct {
	t     *testing.T
	s     *Shell
	dir   string // DataDir
	clock *control.ManualClock
	q     *queue
}

// queue is what is to be done on the window's goroutine.
type queue struct {
	fyne.Driver
	mu   sync.Mutex
	list []func()
	ring chan struct{}
}

func (q *queue) DoFromGoroutine(f func(), wait bool) {
	done := make(chan struct{})
	q.mu.Lock()
	q.list = append(q.list, func() { f(); close(done) })
	q.mu.Unlock()
	select {
	case q.ring <- struct{}{}:
	default:
	}
	if wait {
		<-done
	}
}

// drain does what waits, and tells how much that was.
func (q *queue) drain() (n int) {
	for {
		q.mu.Lock()
		list := q.list
		q.list = nil
		q.mu.Unlock()
		if len(list) == 0 {
			return n
		}
		for _, f := range list {
			f()
			n++
		}
	}
}

// queued is an app whose driver has a queue.
type queued struct {
	fyne.App
	q *queue
}

func (a queued) Driver() fyne.Driver { return a.q }

// start opens the window on a folder of data; "" is a new one.
func start(t *testing.T, dir string, opts ...func(*Options)) *rig {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	app := test.NewTempApp(t)
	r := &rig{t: t, dir: dir, clock: &control.ManualClock{}, q: &queue{Driver: app.Driver(), ring: make(chan struct{}, 1)}}
	fyne.SetCurrentApp(queued{app, r.q})
	r.clock.Move(time.Hour) // so that nothing looks as if it had been shown just now
	opt := Options{DataDir: dir, Size: fyne.NewSize(1280, 720), clock: r.clock}
	for _, o := range opts {
		o(&opt)
	}
	r.s = Open(fyne.CurrentApp(), opt)
	t.Cleanup(r.stop)
	r.tick(200 * time.Millisecond)
	return r
}

func at(place string) func(*Options)      { return func(o *Options) { o.Place = place } }
func with(scenario string) func(*Options) { return func(o *Options) { o.Scenario = scenario } }

func (s *Shell) learn() *learn.Place { return s.places[s.placeAt("learn")].place.(*learn.Place) }

// stop closes the window as a person does, once.
func (r *rig) stop() {
	if !r.s.stopped {
		r.s.Close()
		r.q.drain()
		locale.Use("en")
	}
}

// restart closes the window and opens another on the same data.
func (r *rig) restart(opts ...func(*Options)) *rig {
	r.t.Helper()
	r.stop()
	return start(r.t, r.dir, opts...)
}

// tick lets a moment pass, in which runs go on and what is new is shown.
func (r *rig) tick(d time.Duration) int {
	r.sync() // so that no work is cut short
	r.clock.Move(d)
	r.sync()
	return r.q.drain()
}

func (r *rig) sync() {
	for _, p := range r.s.places {
		if b := benchOf(p.place); b != nil {
			b.Controller.Sync()
		}
	}
}

func benchOf(p place) *bench.Bench {
	switch p := p.(type) {
	case *learn.Place:
		return p.Workbench
	case *lab.Lab:
		return p.Workbench
	case *lab.Compare:
		return p.Workbench
	}
	return nil // it has none
}

// settle waits until the controllers have nothing more to show. Nothing may be
// playing.
func (r *rig) settle() {
	r.t.Helper()
	for range 200 {
		if r.tick(200*time.Millisecond) == 0 {
			return
		}
	}
	r.t.Fatal("the window does not come to rest")
}

// until lets time pass until something is so. Where nothing happens, another
// goroutine must be at it (reading a file, telling a story): it rings.
func (r *rig) until(what string, is func() bool) {
	r.t.Helper()
	give := time.NewTimer(time.Minute)
	defer give.Stop()
	for !is() {
		if r.tick(200*time.Millisecond) > 0 {
			continue
		}
		select {
		case <-r.q.ring:
		case <-time.After(time.Millisecond): // a goroutine that waits for the clock
		case <-give.C:
			r.t.Fatalf("waited in vain until %s\nplace %s, errors %q\nwindow:\n%s", what, r.s.places[r.s.at].id, r.s.Errors, strings.Join(r.texts(), "\n"))
		}
	}
	r.settleQuietly()
}

// settleQuietly shows what is there, also while something plays.
func (r *rig) settleQuietly() {
	for range 3 {
		r.q.drain()
		r.sync()
	}
	r.q.drain()
}

// open opens a scenario in the place where one is.
func (r *rig) open(name string) *bench.Bench {
	r.t.Helper()
	r.s.openHere(name)
	if r.s.Asked["ask:lose"] != nil && r.says("made by hand are not saved") {
		r.tap("ask:lose")
	}
	r.until(name+" is open", func() bool {
		b := r.s.bench()
		return b != nil && b.Path == name && ready(b)
	})
	return r.s.bench()
}

// ready tells whether a bench shows what is open.
func ready(b *bench.Bench) bool {
	return b.Opening == 0 && len(b.Scenes) > 0 && len(b.Frame.Lanes) == len(b.Scenes) && len(b.Board.Lanes) == len(b.Scenes)
}

// tap taps a control by the name that it has in a description of the window.
func (r *rig) tap(name string) {
	r.t.Helper()
	switch o := r.control(name).(type) {
	case interface {
		fyne.Tappable
		Disabled() bool
	}:
		if o.Disabled() {
			r.t.Fatalf("%s is disabled", name)
		}
		o.Tapped(&fyne.PointEvent{})
	case fyne.Tappable:
		o.Tapped(&fyne.PointEvent{})
	default:
		r.t.Fatalf("%s is a %T and cannot be tapped", name, o)
	}
	r.tick(200 * time.Millisecond)
}

func (r *rig) control(name string) fyne.CanvasObject {
	r.t.Helper()
	all := maps.Clone(r.s.places[r.s.at].Controls())
	for i, o := range r.s.rail.Objects {
		all["place:"+r.s.places[i].id] = o
	}
	maps.Copy(all, r.s.Asked)
	o := all[name]
	if o == nil {
		r.t.Fatalf("there is no %s, only %v", name, slices.Sorted(maps.Keys(all)))
	}
	return o
}

// press presses a key of a person who has the focus nowhere.
func (r *rig) press(name string) {
	r.t.Helper()
	c := r.s.Win.Canvas()
	if key, ok := strings.CutPrefix(name, "Ctrl+"); ok {
		// The test's canvas hides that the canvas below it takes shortcuts.
		below := reflect.ValueOf(c).Elem().FieldByName("WindowlessCanvas").Interface()
		below.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyName(key), Modifier: fyne.KeyModifierShortcutDefault})
	} else if len([]rune(name)) == 1 {
		c.OnTypedRune()([]rune(name)[0])
	} else {
		c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyName(name)})
	}
	r.tick(200 * time.Millisecond)
}

// path is that of a file beside what the window keeps.
func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// seen calls visit with everything that can be seen in the window, overlays
// included.
func (r *rig) seen(visit func(fyne.CanvasObject)) {
	c := r.s.Win.Canvas()
	walk(c.Content(), visit)
	for _, o := range c.Overlays().List() {
		walk(o, visit)
	}
}

func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			walk(c, visit)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			walk(c, visit)
		}
	}
}

// texts is all texts that widgets show, whole, as they were given to them.
func (r *rig) texts() (all []string) {
	add := func(ts ...string) {
		for _, t := range ts {
			if strings.TrimSpace(t) != "" && !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	r.seen(func(o fyne.CanvasObject) { add(textsOf(o)...) })
	return all
}

func textsOf(o fyne.CanvasObject) []string {
	switch o := o.(type) {
	case *widget.Label:
		return []string{o.Text}
	case *window.Label:
		return []string{o.Text, o.Pointed.Text}
	case *window.Button:
		return []string{o.Text, o.Pointed.Text}
	case *keyed.Button:
		return []string{o.Text}
	case *widget.Button:
		return []string{o.Text}
	case *keyed.Check:
		return []string{o.Text}
	case *keyed.Select:
		return o.Options
	case *widget.Select:
		if o.Selected != "" {
			return o.Options
		}
		return append(slices.Clone(o.Options), o.PlaceHolder)
	case *widget.Entry:
		return []string{o.Text, o.PlaceHolder}
	case *widget.Hyperlink:
		return []string{o.Text}
	case *learn.Paragraph:
		return []string{o.String()}
	case *canvas.Text:
		return []string{o.Text}
	case *railButton:
		return []string{o.label}
	case *container.AppTabs:
		var all []string
		for _, t := range o.Items {
			all = append(all, t.Text)
		}
		return all
	}
	return nil
}

// says tells whether a text can be read in the window.
func (r *rig) says(part string) bool {
	return slices.ContainsFunc(r.texts(), func(t string) bool { return strings.Contains(t, part) })
}

// button finds a button that can be seen by its text.
func (r *rig) button(text string) *widget.Button {
	r.t.Helper()
	var found *widget.Button
	r.seen(func(o fyne.CanvasObject) {
		switch b := o.(type) {
		case *keyed.Button:
			o = &b.Button
		}
		if b, ok := o.(*widget.Button); ok && b.Text == text {
			found = b
		}
	})
	if found == nil {
		r.t.Fatalf("there is no button %q in:\n%s", text, strings.Join(r.texts(), "\n"))
	}
	return found
}

// closeDialogs closes what lies over the window.
func (r *rig) closeDialogs() {
	for _, o := range r.s.Win.Canvas().Overlays().List() {
		r.s.Win.Canvas().Overlays().Remove(o)
	}
}

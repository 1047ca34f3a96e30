//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A real window on a display of its own, driven as a person drives it: by the
// mouse and the keyboard (xdotool). The program says by --describe where its
// buttons are and what state it is in.

// screen is a display without a screen (Xvfb).
type screen struct {
	t      *testing.T
	number string
}

func newScreen(t *testing.T, w, h int) *screen {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; on Debian: apt-get install xvfb xdotool imagemagick", tool)
		}
	}
	r, wr, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-noreset", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{wr}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	_ = wr.Close()
	buf := make([]byte, 16)
	n, err := r.Read(buf)
	if err != nil {
		t.Fatalf("Xvfb tells no display: %v", err)
	}
	return &screen{t: t, number: ":" + strings.TrimSpace(string(buf[:n]))}
}

// what mirrors the description that the program writes.
type what struct {
	Number   int
	Place    string
	Language string
	Dark     bool
	Errors   []string
	State    map[string]string
	Controls map[string]struct {
		X, Y, W, H float64
		Value      string
		Off        bool
	}
	Blocked  float64
	Blocking string
	Painting float64
}

// lab is the program in its window.
type lab struct {
	t    *testing.T
	s    *screen
	cmd  *exec.Cmd
	file string
	out  bytes.Buffer
	done chan error
}

// start opens the program with a home of its own.
func (s *screen) start(t *testing.T, home string, w, h int, args ...string) *lab {
	t.Helper()
	bin := os.Getenv("ASYNCLAB_DESKTOP")
	if bin == "" {
		t.Fatal("ASYNCLAB_DESKTOP must name the program; use make e2e")
	}
	l := &lab{t: t, s: s, file: filepath.Join(t.TempDir(), "window.json"), done: make(chan error, 1)}
	l.cmd = exec.Command(bin, append([]string{"--describe", l.file, "--size", fmt.Sprintf("%dx%d", w, h)}, args...)...)
	l.cmd.Env = append(os.Environ(), "DISPLAY="+s.number, "HOME="+home, "XDG_DATA_HOME="+filepath.Join(home, "data"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"LIBGL_ALWAYS_SOFTWARE=1", "LANG=en_US.UTF-8", "FYNE_SCALE=1")
	l.cmd.Stdout, l.cmd.Stderr = &l.out, &l.out
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { l.done <- l.cmd.Wait() }()
	t.Cleanup(func() { l.kill() })
	l.until("the window is there", func(w what) bool { return len(w.Controls) > 0 })
	return l
}

func (l *lab) kill() { _ = l.cmd.Process.Kill() }

// quit closes the window as a window manager does, or else asks the process.
func (l *lab) quit() {
	l.t.Helper()
	l.answers()
	_ = l.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-l.done:
	case <-time.After(20 * time.Second):
		l.t.Fatal("the program does not end when it is told to")
	}
	if text := l.out.String(); text != "" {
		l.t.Errorf("the program has complained:\n%s", text)
	}
}

// mostBlocked is how long nothing may block the window, in milliseconds, the time aside in
// which its thread was ready and the machine gave it no processor. What the toolkit takes
// to paint by software OpenGL, and to parse the fonts after a change of the theme, is
// logged and not judged. ASYNCLAB_BLOCKED=500 is for a machine whose memory and caches are
// shared, too.
func mostBlocked(t *testing.T) float64 {
	text := os.Getenv("ASYNCLAB_BLOCKED")
	if text == "" {
		return 200
	}
	ms, err := strconv.ParseFloat(text, 64)
	if err != nil || !(ms > 0) {
		t.Fatalf("ASYNCLAB_BLOCKED=%s is no number of milliseconds", text)
	}
	return ms
}

// answers fails when the window has not answered for too long since its start.
func (l *lab) answers() {
	l.t.Helper()
	w := l.next()
	l.t.Logf("the window has answered within %.0f ms; the toolkit painted for up to %.0f ms", w.Blocked, w.Painting)
	if w.Blocked > mostBlocked(l.t) {
		l.t.Errorf("the window has not answered for %.0f ms; meanwhile:\n%s", w.Blocked, w.Blocking)
	}
}

const patience = 40 * time.Second

func (l *lab) read() (w what, err error) {
	data, err := os.ReadFile(l.file)
	if err != nil {
		return w, err
	}
	return w, json.Unmarshal(data, &w)
}

// until waits for the window to be in a state. It polls the description, which
// the program renews ten times a second.
func (l *lab) until(state string, ok func(what) bool) what {
	l.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var last what
	for {
		if w, err := l.read(); err == nil {
			last = w
			if ok(w) {
				return w
			}
		}
		select {
		case <-tick.C:
		case err := <-l.done:
			l.t.Fatalf("the program ended while waiting until %s: %v\n%s", state, err, l.out.String())
		case <-deadline:
			l.shot(filepath.Join(os.TempDir(), "asynclab-e2e-failure.png"))
			l.t.Fatalf("waited %v until %s; the window says: place %s, language %s, errors %v, state %v\nit offers %v\n%s",
				patience, state, last.Place, last.Language, last.Errors, last.State, slices.Sorted(maps.Keys(last.Controls)), l.out.String())
		}
	}
}

// next is the description after everything until now has been shown.
func (l *lab) next() what {
	l.t.Helper()
	n := 0
	if w, err := l.read(); err == nil {
		n = w.Number
	}
	return l.until("it has been drawn again", func(w what) bool { return w.Number > n+1 })
}

func (l *lab) xdo(args ...string) {
	l.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+l.s.number)
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("xdotool %v: %v\n%s", args, err, out)
	}
}

func at(x, y float64) []string { return []string{strconv.Itoa(int(x)), strconv.Itoa(int(y))} }

// click presses what has this name, at a share of its width and height.
func (l *lab) clickAt(name string, fx, fy float64) {
	l.t.Helper()
	w := l.until(name+" is there", func(w what) bool { c, ok := w.Controls[name]; return ok && !c.Off })
	c := w.Controls[name]
	l.xdo(slices.Concat([]string{"mousemove"}, at(c.X+c.W*fx, c.Y+c.H*fy), []string{"click", "1"})...)
	l.next()
}

func (l *lab) click(name string) { l.t.Helper(); l.clickAt(name, 0.5, 0.5) }

// clickBetween presses halfway between the middles of two controls, such as the link
// of two nodes.
func (l *lab) clickBetween(from, to string) {
	l.t.Helper()
	w := l.until("both are there", func(w what) bool {
		_, one := w.Controls[from]
		_, other := w.Controls[to]
		return one && other
	})
	a, b := w.Controls[from], w.Controls[to]
	l.xdo(slices.Concat([]string{"mousemove"}, at((a.X+a.W/2+b.X+b.W/2)/2, (a.Y+a.H/2+b.Y+b.H/2)/2), []string{"click", "1"})...)
	l.next()
}

// drag pulls from one share of a control's width to another.
func (l *lab) drag(name string, from, to float64) {
	l.t.Helper()
	c, ok := l.next().Controls[name]
	if !ok {
		l.t.Fatalf("there is no %s", name)
	}
	y := c.Y + c.H*0.55
	l.xdo(slices.Concat([]string{"mousemove"}, at(c.X+c.W*from, y), []string{"mousedown", "1"})...)
	for i := 1; i <= 10; i++ {
		l.xdo(slices.Concat([]string{"mousemove"}, at(c.X+c.W*(from+(to-from)*float64(i)/10), y))...)
		l.next()
	}
	l.xdo("mouseup", "1")
	l.next()
}

func (l *lab) key(keys ...string) { l.t.Helper(); l.xdo(append([]string{"key"}, keys...)...); l.next() }
func (l *lab) typed(text string)  { l.t.Helper(); l.xdo("type", "--delay", "20", text); l.next() }

// replace writes into a text field.
func (l *lab) replace(name, text string) {
	l.t.Helper()
	l.click(name)
	l.key("ctrl+a")
	l.typed(text)
}

// calm fails when the window has told of an error.
func (l *lab) calm() {
	l.t.Helper()
	if w := l.next(); len(w.Errors) > 0 {
		l.t.Fatalf("the window shows errors: %v", w.Errors)
	}
}

// shot takes a picture of the screen.
func (l *lab) shot(file string) {
	cmd := exec.Command("import", "-window", "root", file)
	cmd.Env = append(os.Environ(), "DISPLAY="+l.s.number)
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Errorf("no picture of the screen: %v\n%s", err, out)
	}
}

// drawn fails when the window, or one of its quarters, stays blank: when it has
// fewer colours or fewer edges than something drawn has. What is described may
// be drawn a moment later.
func (l *lab) drawn(name string) {
	l.t.Helper()
	file := filepath.Join(l.t.TempDir(), name+".png")
	l.until(name+" is drawn", func(what) bool {
		l.shot(file)
		why := l.blank(file)
		if why != "" {
			l.t.Logf("%s: %s", name, why)
		}
		return why == ""
	})
	if keep := os.Getenv("ASYNCLAB_SHOTS"); keep != "" {
		l.shot(filepath.Join(keep, name+".png"))
	}
}

// blank tells what is blank in a picture; "" if nothing is.
func (l *lab) blank(file string) string {
	l.t.Helper()
	f, err := os.Open(file)
	if err != nil {
		l.t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		l.t.Fatal(err)
	}
	b := img.Bounds()
	colours := map[[3]uint8]int{}
	edges := [2][2]int{}
	for y := b.Min.Y; y < b.Max.Y-1; y++ {
		for x := b.Min.X; x < b.Max.X-1; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			colours[[3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8)}]++
			if img.At(x, y) != img.At(x+1, y) {
				edges[2*y/b.Max.Y][2*x/b.Max.X]++
			}
		}
	}
	if len(colours) < 60 {
		return fmt.Sprintf("the window is blank: %d colours", len(colours))
	}
	for i, row := range edges {
		for j, n := range row {
			if n < 150 {
				return fmt.Sprintf("quarter %d,%d of the window is blank: %d edges", i, j, n)
			}
		}
	}
	return ""
}

package ui

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"asynclab/scenarios"
	"asynclab/sim"
)

var buildEdits = flag.Int("build.edits", 120, "random edits of TestBuildOneDocument")

// mixed edits the document in Build from either side, at random.
type mixed struct {
	*rig
	random *rand.Rand
}

func (m *mixed) text() string { return m.buffer().Text() }

func (m *mixed) pick(all []string) string { return all[m.random.IntN(len(all))] }

// elements are the nodes of the picture that are in the text.
func (m *mixed) elements() (all []string) {
	for _, n := range m.s.building().Pictures()[0].Scene().Graph.Nodes {
		all = append(all, n.ID)
	}
	return all
}

// byHand makes an edit in the picture or in the form, and tells how many lines it may change.
func (m *mixed) byHand() (what string, most int) {
	p := m.s.building()
	id, other := m.pick(m.elements()), m.pick(m.elements())
	p.Pictures()[0].OnTapNode(id)
	m.tick(0)
	if p.Lit() != id {
		return "", 0
	}
	switch m.random.IntN(6) {
	case 0:
		if len(m.elements()) > 14 {
			return "", 0
		}
		kind := m.pick(scenarios.Elements)
		m.tap("build:add:" + kind)
		return "add " + kind, 4
	case 1, 2:
		s, err := scenarios.OpenSketch(m.text(), "")
		if err != nil || id == other || len(s.Ways(id, other)) == 0 {
			return "", 0
		}
		way := m.pick(s.Ways(id, other))
		m.tap("build:connect")
		p.Pictures()[0].OnTapNode(other)
		m.tick(0)
		if len(s.Ways(id, other)) > 1 {
			m.tap("ask:" + way)
		}
		return way + " " + id + " " + other, 2
	case 3:
		if p.Controls()["build:field:workers"] == nil || !strings.Contains(m.text(), "  "+id+":") {
			return "", 0
		}
		m.answer("build:field:workers", fmt.Sprint(1+m.random.IntN(20)))
		return "workers of " + id, 1
	case 4:
		if !m.can("build:rename") {
			return "", 0
		}
		m.tap("build:rename")
		m.answer("ask:name", fmt.Sprintf("n%d", m.random.IntN(1e6)))
		return "rename " + id, 1 << 20
	}
	if m.can("build:delete") && len(m.elements()) > 6 {
		m.tap("build:delete")
		return "delete " + id, 1 << 20
	}
	return "", 0
}

// byText types in the text: a comment, a parameter, a service, or something wrong.
func (m *mixed) byText() (what string, most int) {
	e := m.control("editor").(interface{ GoTo(int) })
	line := m.random.IntN(m.buffer().Lines())
	switch m.random.IntN(4) {
	case 0:
		e.GoTo(m.buffer().End(line))
		m.write(" # " + fmt.Sprint(m.random.IntN(1000)))
		return "a comment", 1
	case 1:
		if at := strings.LastIndex(m.text(), "10ms"); at >= 0 {
			e.GoTo(at)
			m.write("1")
			return "a digit", 1
		}
	case 2:
		if at := strings.Index(m.text(), "services:\n"); at >= 0 {
			e.GoTo(at + len("services:"))
			m.write(fmt.Sprintf("\n  t%d: {on: {do: [work: 2ms]}}", m.random.IntN(1e6)))
			return "a service", 3
		}
	default:
		e.GoTo(m.buffer().End(line))
		m.write("]")
		return "a mistake", 1
	}
	return "", 0
}

// answer fills in a line of text and submits it.
func (m *mixed) answer(name, text string) {
	m.t.Helper()
	e := m.control(name).(interface {
		fyne.Focusable
		SetText(string)
	})
	e.SetText(text)
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	m.tick(0)
}

// onlyLines fails when an edit by hand has changed more lines than it is about, or a
// comment without taking away what it stood in.
func (m *mixed) onlyLines(what, before string, most int) {
	m.t.Helper()
	gone, come := other(before, m.text()), other(m.text(), before)
	if len(gone) > most || len(come) > most {
		m.t.Fatalf("%s changed\n%s\ninto\n%s", what, strings.Join(gone, "\n"), strings.Join(come, "\n"))
	}
	if a, b := strings.Count(before, "#"), strings.Count(m.text(), "#"); a != b && !strings.HasPrefix(what, "delete") {
		m.t.Fatalf("%s: of %d comments %d are left\n%s", what, a, b, m.text())
	}
}

// other are the lines of a text that another one has not got.
func other(text, without string) (out []string) {
	left := strings.Split(without, "\n")
	for _, l := range strings.Split(text, "\n") {
		if i := slices.Index(left, l); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			out = append(out, l)
		}
	}
	return out
}

func (m *mixed) can(name string) bool {
	o, ok := m.control(name).(interface{ Disabled() bool })
	return ok && !o.Disabled()
}

// onePicture fails when the picture is not that of the text, or of the last valid one.
func (m *mixed) onePicture(what string, last []string) []string {
	m.t.Helper()
	d := m.read()
	sc, err := scenarios.Parse(nil, "it.yaml", []byte(m.text()))
	if (err == nil) != (d["valid"] == "true") {
		m.t.Fatalf("%s: valid is %s, but %v\n%s", what, d["valid"], err, m.text())
	}
	if err != nil {
		if got := m.elements(); !slices.Equal(got, last) {
			m.t.Fatalf("%s: the picture of the last valid text has %v, now %v", what, last, got)
		}
		return last
	}
	var want []string
	for _, n := range sim.Graph(sc.Designs[0]).Nodes {
		want = append(want, n.ID)
	}
	if got := m.elements(); !slices.Equal(got, want) {
		m.t.Fatalf("%s: the picture has %v, the text %v\n%s", what, got, want, m.text())
	}
	return want
}

// Whatever is edited from either side, and undone and redone: text and picture are one
// document; an edit by hand changes the lines that it is about and no comment.
func TestBuildOneDocument(t *testing.T) {
	r := start(t, "", at("build"))
	r.tap("build:new")
	r.read()
	m := &mixed{rig: r, random: rand.New(rand.NewPCG(7, 14))}
	last := m.onePicture("new", nil)
	first := m.text()
	count := map[string]int{}
	for n := 0; n < *buildEdits; {
		before, what := m.text(), ""
		valid := m.s.building().Describe()["valid"] == "true"
		switch k := m.random.IntN(10); {
		case !valid || k < 2: // a mistake is undone, so that it can go on
			what = "undo"
			m.press("Ctrl+Z")
		case k < 3:
			what = "redo"
			m.press("Ctrl+Y")
		case k < 6:
			what, _ = m.byText()
		default:
			var most int
			what, most = m.byHand()
			if what != "" && m.text() != before {
				m.onlyLines(what, before, most)
			}
		}
		if what == "" || m.text() == before {
			m.s.letGo() // a name that is taken leaves its question open
			continue
		}
		n++
		count[strings.SplitN(what, " ", 2)[0]]++
		last = m.onePicture(fmt.Sprintf("edit %d, %s", n, what), last)
	}
	whole := m.text()
	for m.can("build:undo") {
		m.press("Ctrl+Z")
	}
	if m.text() != first {
		t.Errorf("all undone:\n%s", m.text())
	}
	for m.can("build:redo") {
		m.press("Ctrl+Y")
	}
	if m.text() != whole {
		t.Errorf("all redone:\n%s\nwant\n%s", m.text(), whole)
	}
	t.Log(slices.Sorted(maps.Keys(count)), count)
}

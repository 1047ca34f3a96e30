package lessons

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
)

// Every lesson that comes with the program is right, in every language, and says
// what the engine shows. This is the check of CI.
func TestLibrary(t *testing.T) {
	shelf := Library()
	r, err := Check(context.Background(), shelf, true, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, ds := range []Diagnostics{r.Mistakes, r.Unmet} {
		for _, d := range ds {
			t.Error(d)
		}
	}
	if most := 1_000_000 * uint64(r.Lessons); uint64(r.Events) > most {
		t.Errorf("the check of %d lessons makes %d events; shorter runs prove as much", r.Lessons, r.Events)
	}
	for _, f := range shelf {
		for _, language := range Languages {
			if l := f.In(language); l == nil || l.Language != language {
				t.Errorf("%s is not there in %s", f.ID, language)
			}
		}
	}
	t.Logf("%d lessons, %d claims, %d proofs, %d runs, %d events", r.Lessons, r.Claims, r.Proofs, r.Runs, r.Events)
}

// Every lesson of the library has the beats: it begins with an act, asks for predictions,
// lets one try, has a task that can be solved in two ways, and a case elsewhere.
func TestRhythm(t *testing.T) {
	for _, f := range Library() {
		count := map[*ActivityKind]int{}
		l := f.Lessons[0]
		for i := range l.Steps {
			for _, a := range l.Steps[i].Activities() {
				count[a.Kind]++
				if a.Kind == Act && count[Act] == 1 && i > 0 {
					t.Errorf("%s does not begin with its act", f.ID)
				}
				if a.Kind == Task && len(a.Repairs) < 2 {
					t.Errorf("%s/%s has one repair only", f.ID, l.Steps[i].ID)
				}
			}
		}
		for _, kind := range []*ActivityKind{Act, Prediction, Trial, Task, Edge, Transfer} {
			if count[kind] == 0 {
				t.Errorf("%s has no %s", f.ID, kind.Block)
			}
		}
		if l.Minutes < 12 || l.Minutes > 18 {
			t.Errorf("%s takes %d minutes", f.ID, l.Minutes)
		}
		if by := bands(l); by == none {
			t.Errorf("%s has chance, and shows no band of 30 seeds", f.ID)
		}
	}
}

// chance is what a scenario draws from its seed.
var chance = regexp.MustCompile(`poisson\(|exp\(|uniform\(|mix\(|loss: [1-9]`)

// The bands of a lesson.
const (
	needless = iota // nothing is drawn
	none
	thirty
)

// bands tells whether a lesson shows what chance does: where a step's scenario draws from
// its seed, some step has a band of 30 seeds.
func bands(l *Lesson) int {
	is := needless
	for i := range l.Steps {
		u := l.Steps[i].Setup
		switch {
		case u == nil:
		case u.Seeds >= 30:
			return thirty
		case !chance.MatchString(l.Scenario(u.Scenario).Source()):
		case len(u.Plots) > 0:
			is = none
		}
	}
	return is
}

// Of the first questions of the lessons, no answer's place tells that it is right.
func TestNoPlaceIsRight(t *testing.T) {
	right, all := map[int]int{}, 0
lessons:
	for _, f := range Library() {
		for i := range f.Lessons[0].Steps {
			for _, a := range f.Lessons[0].Steps[i].Activities() {
				if a.Kind != Prediction {
					continue
				}
				if len(a.Choices) > 0 {
					all++
					right[a.Right()]++
				}
				continue lessons
			}
		}
	}
	for place := range 3 {
		if n := right[place]; 5*n < all || 2*n > all {
			t.Errorf("%d of %d right answers stand at place %d", n, all, place+1)
		}
	}
}

// No answer's length tells that it is right: over the course, in each language, the right
// choice is the longest of its question, or the shortest, hardly more often than chance has it, which
// is one in three or less. Of several that are equally long each counts for its share.
func TestNoLengthIsRight(t *testing.T) {
	for _, language := range Languages {
		longest, shortest, all := 0.0, 0.0, 0.0
		for _, f := range Library() {
			for _, s := range f.In(language).Steps {
				for _, a := range s.Activities() {
					if a.Right() < 0 {
						continue
					}
					var lengths []int
					for _, c := range a.Choices {
						lengths = append(lengths, utf8.RuneCountInString(c.Text.String()))
					}
					// of is 1 where the right one has that length, and a share of it where others have it, too.
					of := func(length int) float64 {
						if lengths[a.Right()] != length {
							return 0
						}
						as := 0
						for _, l := range lengths {
							if l == length {
								as++
							}
						}
						return 1 / float64(as)
					}
					all++
					longest += of(slices.Max(lengths))
					shortest += of(slices.Min(lengths))
				}
			}
		}
		t.Logf("%s: of %.0f right choices %.0f %% are the longest, %.0f %% the shortest", language, all, 100*longest/all, 100*shortest/all)
		if longest > 0.42*all || shortest > 0.42*all {
			t.Errorf("%s: of %.0f right choices %.1f are the longest, %.1f the shortest", language, all, longest, shortest)
		}
	}
}

// Every number that the lessons quote is really compared: two more in its last
// digit, and the check says so, unless the claim has a tolerance.
func TestEveryNumberIsCompared(t *testing.T) {
	fsys, err := fs.Sub(embedded, "library")
	if err != nil {
		t.Fatal(err)
	}
	shelf := read(fsys, "library", nil)
	changed := map[string]string{} // place → text
	for _, f := range shelf {
		for _, l := range f.Lessons {
			for i := range l.uses {
				u := &l.uses[i]
				if c := l.claims[u.target]; u.kind == ClaimSpan && c.Value != nil && c.Tolerance.Value == 0 {
					old := numeral.First(u.text)
					_, decimals, _ := strings.Cut(old, ".")
					value, err := strconv.ParseFloat(strings.ReplaceAll(old, ",", ""), 64)
					if err != nil {
						t.Fatal(u.text, err)
					}
					more := value + 2*math.Pow10(-len(decimals))
					if low, high, ok := numeral.Span(u.text); ok { // a range that begins beyond its end
						rest := u.text[strings.Index(u.text, old)+len(old):]
						end := numeral.First(rest)
						more = value * 2 * high.Value / low.Value
						rest = strings.Replace(rest, end, strconv.FormatFloat(2*more, 'f', 3, 64), 1)
						u.text = u.text[:strings.Index(u.text, old)+len(old)] + rest
					}
					u.text = strings.Replace(u.text, old, strconv.FormatFloat(more, 'f', len(decimals), 64), 1)
					changed[fmt.Sprint(l.Path, u.at)] = u.text
				}
			}
		}
	}
	r, err := Check(context.Background(), shelf, false, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Unmet {
		delete(changed, fmt.Sprint(d.File, yamltree.Pos{Line: d.Line, Col: d.Column}))
	}
	for place, text := range changed {
		t.Errorf("%s: nothing is said about %q", place, text)
	}
}

// folder is the template as a lesson, with changes: pairs of old and new text
// for a file, "en.md|old" → "new".
func folder(t testing.TB, changes map[string]string) fs.FS {
	t.Helper()
	files, err := Template("shop-and-pay", "short")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range files {
		text := string(f.Data)
		for old, new := range changes {
			name, old, _ := strings.Cut(old, "|")
			if name != f.Name {
				continue
			}
			if !strings.Contains(text, old) {
				t.Fatalf("%s does not contain %q", f.Name, old)
			}
			text = strings.Replace(text, old, new, 1)
		}
		out["shop-and-pay/"+f.Name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func shelf(t testing.TB, changes map[string]string) Shelf {
	return read(folder(t, changes), "here", []string{"other-lesson"})
}

func TestTemplate(t *testing.T) {
	s := shelf(t, nil)
	r, err := Check(context.Background(), s, false, 1, nil)
	if err != nil || len(r.Mistakes)+len(r.Unmet) > 0 {
		t.Fatal(err, r.Mistakes, r.Unmet)
	}
	if r.Lessons != 1 || r.Claims != 12 || r.Proofs != 5 || r.Runs != 5 {
		t.Errorf("%+v", r)
	}
	l, zh := s[0].In("en"), s[0].In("zh-Hans")
	if l.Title != "A lesson to start from" || l.Minutes != 5 || len(l.Steps) != 3 || len(l.Intro) != 2 {
		t.Errorf("%+v", l)
	}
	trip := l.Steps[0]
	if trip.ID != "round-trip" || trip.Title != "The round trip" || !trip.Fresh || trip.Setup.Until != 30*time.Second ||
		!slices.Equal(trip.Setup.Designs, []string{"shop"}) || trip.Setup.Plots[0] != (Plot{"latency", "shoppers"}) {
		t.Errorf("%+v, %+v", trip, trip.Setup)
	}
	if l.Steps[1].Setup != trip.Setup || l.Steps[1].Fresh {
		t.Error("a step without a setup does not go on with the one before")
	}
	want, got := trip.Activities()[0], zh.Steps[0].Activities()[0]
	if got.Number.Answer != want.Number.Answer || got.Ask.String() == want.Ask.String() || len(got.Hints) != 1 || zh.Minutes != 5 {
		t.Errorf("a translation does not have what the original says: %+v", got)
	}
	task := zh.Steps[2].Activities()[0]
	if len(task.Repairs) != 1 || task.Goals[0].Expect == nil || task.Goals[0].Text.String() != "一半的顾客等待不到 60 毫秒。" {
		t.Errorf("%+v", task)
	}
}

// A lesson of the full rhythm has every kind of activity but a question and a review,
// and a real system; it is right as it is, its task has no ways around it.
func TestTemplateFull(t *testing.T) {
	files, err := Template("own", "full")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys["own/"+f.Name] = &fstest.MapFile{Data: f.Data}
	}
	s := read(fsys, "here", nil)
	r, err := Check(context.Background(), s, true, 1, nil)
	if err != nil || len(r.Mistakes)+len(r.Unmet) > 0 || r.Hunted < 5 || len(s[0].Lessons) != 2 {
		t.Fatal(err, r.Mistakes, r.Unmet, r.Hunted)
	}
	var kinds []*ActivityKind
	reals := 0
	for _, step := range s[0].In("en").Steps {
		reals += len(step.reals)
		for _, a := range step.Activities() {
			kinds = append(kinds, a.Kind)
		}
	}
	if want := []*ActivityKind{Act, Prediction, Prediction, Trial, Task, Edge, Transfer}; !slices.Equal(kinds, want) || reals != 1 {
		t.Errorf("%v and %d real systems", kinds, reals)
	}
	if _, err := Template("own", "quick"); err == nil {
		t.Error("there is a rhythm that nobody has written")
	}
}

// Mistakes, with the place where each is reported and a part of what is said.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"en.md", "lesson: 1\n", "lesson: 2\n", "en.md:2:9: this program reads version 1"},
		{"en.md", "id: shop-and-pay", "id: shop", `en.md:3:5: the folder is called "shop-and-pay"`},
		{"en.md", "minutes: 5\n", "", "en.md:2:1: the head needs \"minutes\""},
		{"en.md", "minutes: 5\n", "minuts: 5\n", `did you mean minutes?`},
		{"en.md", "---\nlesson", "--\nlesson", "the lesson has no head"},
		{"en.md", "prerequisites: []", "prerequisites: [other-leson]", `en.md:8:17: there is no lesson "other-leson"`},
		{"en.md", "covers: [C1, E1]", "covers: [one]", "is not the id of a catalogue entry"},
		{"en.md", "scenario: shop\n", "scenario: shoop\n", "en.md:9:11: there is no shoop.yaml beside the lesson"},
		{"en.md", "## The round trip {#round-trip}", "## The round trip", "en.md:17:1: the step has no id"},
		{"en.md", "{#faster}", "{#who-waits}", `there is a step "who-waits" already`},
		{"en.md", "## The round trip", "# The round trip", "the title of the lesson stands in its head"},
		{"en.md", "until: 30s\nspeed", "until: 30\nspeed", "expected a time"},
		{"en.md", "until: 30s\nspeed", "until: 2min\nspeed", "en.md:23:8: the scenario is over at 1m"},
		{"en.md", "speed: 0.5", "spead: 0.5", `en.md:24:1: the setup has no key "spead"`},
		{"en.md", "[latency shoppers]\nselect: shop", "[latency sellers]", `en.md:25:8: there is no load "sellers"`},
		{"en.md", "select: shop", "select: shops", `did you mean shop?`},
		{"en.md", "select: pay", "select: pay\nset: {service.pay.worker: 5}", "service.pay.worker: "},
		{"en.md", "select: pay", "select: pay\nset: {service.pay.workers: many}", "en.md:74:7: service.pay.workers: "},
		{"en.md", "select: pay", "select: pay\nfaults: [fire]", `there is no fault "fire"`},
		{"en.md", "select: pay", "select: pay\ndesigns: [broker]", `there is no design "broker"`},
		{"en.md", "(claim:round-trip)", "(claim:roundtrip)", `did you mean round-trip?`},
		{"en.md", "[80 ms](claim", "[80](claim", `the claim round-trip is a duration, and "80" is a plain number`},
		{"en.md", "[80 ms](claim", "[80 or 90 ms](claim", "several numbers"},
		{"en.md", "[80 ms](claim:round-trip)", "80 ms", "en.md:52:23: the number 80 is not checked"},
		{"en.md", "Count the legs", "Count the 4 legs", "en.md:49:11: the number 4 is not checked"},
		{"en.md", "(term:request)", "(term:requst)", `en.md:52:56: the glossary has no "requst"`},
		{"en.md", "(topology:shop)", "(topology:shops)", `there is no design "shops"`},
		{"en.md", "(topology:shop)", "(shop.svg)", `there is no picture "shop.svg"`},
		{"en.md", "(topology:shop)", "(../shop.svg)", "a picture must be a file in the folder"},
		{"en.md", "(term:request)", "(request.html)", "is no link that leads anywhere"},
		{"en.md", "(term:request)", "(javascript:alert)", "there are no links that begin with"},
		{"en.md", "A call blocks", "A <b>call</b> blocks", "HTML is not part of the format"},
		{"en.md", "round-trip: load.shoppers.confirmed.latency.p50", "round-trip: load.shoppers.confirmed.latency.p5", "en.md:34:13: design shop has no metric"},
		{"en.md", "round-trip: load.shoppers.confirmed.latency.p50", "round-trip: 'broker: load.shoppers.confirmed.latency.p50'", `the step shows no design "broker"`},
		{"en.md", "leg: param", "leg: para", `en.md:31:6: the step shows no design "para"`},
		{"en.md", "leg: param.link", "round-trip: 1\nleg: param.link", `"round-trip" appears twice`},
		{"en.md", "unit: ms", "unit: orders", `the answer is a duration, and the unit "orders" is not`},
		{"en.md", "    right: true\n", "", "one choice must be right, not 0"},
		{"en.md", "  - text: It waits.\n", "  - text: It waits.\n    id: It waits\n", `such as id: it-waits`},
		{"en.md", "  - text: It waits.\n", "  - text: It waits.\n    id: it-serves-the-next-shopper\n", `two choices have the id "it-serves-the-next-shopper"`},
		{"en.md", "unit: ms\n", "unit: ms\ncurve: service.shop.busy.mean\n", "a prediction is either a number or a curve"},
		{"en.md", "```predict", "```predictt", `there is no block called "predictt"`},
		{"en.md", "expect: param", "expct: param", `did you mean expect?`},
		{"en.md", "  - set: {service.pay.workers: 64}\n", "  - set: {load.shoppers.rate: 1/s}\n", "of the cheats, 1 turn knobs only"},
		{"en.md", "cheats:\n  - set: {service.pay.workers: 64}\n  - set: {service.pay.on.charge.work: 0s}\n  - set: {link.default.latency: 0s}\n", "", `the task block needs "cheats"`},
		{"en.md", "knobs: [service.pay.on.charge.work, service.pay.workers]", "knobs: [service.pay.wokers]", "service.pay.wokers"},
		{"en.md", "ask: How", "ask: \"How", "is not valid YAML"},
		{"en.md", "ask: How long does a shopper wait for the answer?", "ask: [80 ms](claim:round-trip) or more?", "not valid YAML"},
		{"en.md", "ask: What does", "ask: &a What does", "anchors and aliases"},
		{"en.md", "round trip under 60 ms.", "round trip under 50 ms.", "the number 50 is not checked"},
		{"en.md", "Count the legs: to", "[80 ms](claim:round-trip): to", ""}, // a hint stands behind the question
		{"en.md", "On every leg the order is under", "It is [80 ms](claim:round-trip), and on every leg it is under", `the text tells shop.load.shoppers.confirmed.latency.p50, which the prediction "round-trip" asks for`},
		{"en.md", "## The round trip {#round-trip}\n", "## Before {#before}\n\n```setup\nplots: [latency shoppers]\n```\n\n## The round trip {#round-trip}\n", "the plot latency shoppers draws shop.load.shoppers.confirmed.latency.p50"},
		{"en.md", "## The round trip {#round-trip}\n", "## Before {#before}\n\n```setup\nuntil: 20s\nplots: [latency shoppers]\n```\n\n## The round trip {#round-trip}\n", `the step "before" of the original is missing`},
		{"zh-Hans.md", "{#who-waits}", "{#who-wait}", `the original has no step "who-wait"`},
		{"zh-Hans.md", "{#who-waits}", "{#who-wait}", `the step "who-waits" of the original is missing`},
		{"zh-Hans.md", "[5 毫秒](claim:leg)", "一段时间", `the original quotes the claim "leg" here`},
		{"zh-Hans.md", "[5 毫秒](claim:leg)", "[5 秒钟](claim:shop-work)", `the original quotes the claim "leg"`},
		{"zh-Hans.md", "  - 支付处理一个订单至少要 20 毫秒。\n", "", "the original has 2 goals, this has 1"},
		{"zh-Hans.md", "repairs:\n  - {}\n", "repairs: []\n", "the original has 1 repairs, this has 0"},
		{"zh-Hans.md", "explain: 四", "answer: 80ms\nexplain: 四", `zh-Hans.md:19:1: "answer" belongs into the original only`},
		{"zh-Hans.md", "```hint\n总", "```setup\nuntil: 3s\n```\n\n```hint\n总", "a setup block belongs into the original only"},
		{"zh-Hans.md", "title: 一", "minutes: 3\ntitle: 一", `"minutes" belongs into the original only`},
		{"zh-Hans.md", "响应在 [80 毫秒]", "响应在 [八十毫秒]", "there is no number"},
		{"zh-Hans.md", "订单走每一段路要", "订单,走每一段路要", "write \uff0c"},
		{"zh-Hans.md", "订单走每一段路要", "走3次，要", "the number 3 is not checked"},
	} {
		s := shelf(t, map[string]string{c.file + "|" + c.old: c.new})
		text := s.Mistakes().Error()
		if !strings.Contains(text, c.want) || (text == "") != (c.want == "") || strings.Contains(c.want, "is missing") && strings.Contains(text, "asks for") {
			t.Errorf("%s: %q → %q: want %q, got\n%s", c.file, c.old, c.new, c.want, text)
		}
	}
}

// What a text says and the engine does not show.
func TestUnmet(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"en.md", "[80 ms](claim", "[81 ms](claim", `en.md:52:23: the text says "81 ms", and the run gives 80ms`},
		{"zh-Hans.md", "[80 毫秒]", "[0.08 秒]", ""},
		{"zh-Hans.md", "[80 毫秒]", "[0.09 秒]", "the run gives 80ms"},
		{"en.md", "[20 orders a second]", "[1,200 orders a minute]", ""},
		{"en.md", "[5 ms](claim:leg)", "[6 ms](claim:leg)", "the run gives 5ms"},
		{"en.md", "[55 ms](claim:after)", "[56 ms](claim:after)", "the run gives 55ms"},
		{"en.md", "set: {service.pay.on.charge.work: 25ms}", "set: {service.pay.on.charge.work: 45ms}", "en.md:84:5: the repair does not meet the goal"},
		{"en.md", "set: {service.pay.workers: 64}", "set: {service.pay.on.charge.work: 20ms}", "the cheat solves the task"},
		{"en.md", "set: {link.default.latency: 0s}", "set: {service.pay.workers: 4}", "the cheat sets what is so already"},
		{"en.md", "set: {link.default.latency: 0s}", "set: {service.pay.on.charge.work: 22ms}", "the cheat solves the task"},
		{"en.md", "set: {service.pay.on.charge.work: 25ms}", "set: {link.default.latency: 0s}", "the repair changes link.default.latency, which is no knob"},
		{"en.md", "round-trip: load.shoppers.confirmed.latency.p50", "round-trip: {is: load.shoppers.failed.latency.p50, tolerance: 5%}", `no samples`},
		{"en.md", "round-trip: load.shoppers.confirmed.latency.p50", "round-trip: load.shoppers.confirmed.latency.p50 > 80ms", "the run does not show"},
		{"en.md", "round-trip: load.shoppers.confirmed.latency.p50", "round-trip: load.shoppers.confirmed.latency.p50 <= 80ms", ""},
		{"en.md", "    right: true\n", "    right: true\n    holds: service.shop.blocked.mean > 3\n", "the right answer is not what the run shows"},
		{"en.md", "    right: true\n", "    right: true\n    holds: service.shop.blocked.mean between 1.1 and 1.3\n", ""},
		{"en.md", "holds the order until", "holds the order until", ""},
	} {
		s := shelf(t, map[string]string{c.file + "|" + c.old: c.new})
		r, err := Check(context.Background(), s, false, 1, nil)
		if err != nil || len(r.Mistakes) > 0 {
			t.Errorf("%q: %v, %v", c.new, err, r.Mistakes)
			continue
		}
		text := r.Unmet.Error()
		if !strings.Contains(text, c.want) || (text == "") != (c.want == "") || strings.Contains(c.want, "is missing") && strings.Contains(text, "asks for") {
			t.Errorf("%s: %q → %q: want %q, got\n%s", c.file, c.old, c.new, c.want, text)
		}
	}
}

// curveLesson predicts how the busy workers of the shop go: flat at 1.4.
func curveLesson(right, wrong string) map[string]string {
	return map[string]string{"en.md|answer: load.shoppers.confirmed.latency.p50\nunit: ms\ntolerance: 10%\n": `curve: service.shop.busy.mean
choices:
  - {text: Like this., points: "` + right + `", right: true}
  - {text: Like that., points: "` + wrong + `"}
`, "zh-Hans.md|ask: 顾客要等多久才得到响应？": "ask: 哪一条曲线？\nchoices: [这样, 那样]"}
}

func TestCurves(t *testing.T) {
	for _, c := range []struct{ right, wrong, want string }{
		{"0s 1.4, 30s 1.4", "0s 0, 30s 2", ""},
		{"0s 0, 30s 2", "0s 1.4, 30s 1.4", "away from that of the run"},
		{"0s 1.45, 30s 1.45", "0s 1.5, 30s 1.5", "nearly as close"},
	} {
		r, err := Check(context.Background(), shelf(t, curveLesson(c.right, c.wrong)), false, 1, nil)
		if err != nil || len(r.Mistakes) > 0 {
			t.Fatal(err, r.Mistakes)
		}
		if text := r.Unmet.Error(); !strings.Contains(text, c.want) || (text == "") != (c.want == "") {
			t.Errorf("%s against %s: %s", c.right, c.wrong, text)
		}
	}
}

func TestCycle(t *testing.T) {
	all := fstest.MapFS{}
	for id, after := range map[string]string{"one": "three", "two": "one", "three": "two"} {
		files, _ := Template(id, "short")
		for _, f := range files {
			if f.Name != "zh-Hans.md" {
				text := strings.Replace(string(f.Data), "prerequisites: []", "prerequisites: ["+after+"]", 1)
				all[id+"/"+f.Name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
	}
	s := read(all, "here", nil)
	if text := s.Mistakes().Error(); strings.Count(text, "the lesson comes before itself") != 3 || !strings.Contains(text, "one, then two, then three") {
		t.Error(text)
	}
}

// Nothing outside of the folder is read, whatever a lesson names or links to.
func TestOutside(t *testing.T) {
	dir := t.TempDir()
	lesson := filepath.Join(dir, "shop-and-pay")
	if err := os.Mkdir(lesson, 0o755); err != nil {
		t.Fatal(err)
	}
	files, _ := Template("shop-and-pay", "short")
	for _, f := range files {
		where := lesson
		if f.Name == "shop.yaml" {
			where = dir
		}
		if err := os.WriteFile(filepath.Join(where, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "shop.yaml"), filepath.Join(lesson, "shop.yaml")); err != nil {
		t.Skip("no symbolic links here")
	}
	for _, name := range []string{lesson, filepath.Join(lesson, "en.md"), dir} {
		s, err := Open(name)
		if err != nil {
			t.Fatal(name, err)
		}
		// A folder of lessons may hold what its lessons link to; a lesson alone not.
		if text := s.Mistakes().Error(); name != dir && !strings.Contains(text, "there is no shop.yaml beside the lesson") {
			t.Errorf("%s: %q", name, text)
		}
	}
	if err := os.Remove(filepath.Join(lesson, "shop.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "shop.yaml"), filepath.Join(lesson, "shop.yaml")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{lesson, filepath.Join(lesson, "zh-Hans.md"), dir} {
		if s, err := Open(name); err != nil || len(s) != 1 || s[0].ID != "shop-and-pay" || len(s.Mistakes()) > 0 {
			t.Errorf("%s: %v, %v", name, err, s.Mistakes())
		}
	}
	for _, name := range []string{filepath.Join(lesson, "shop.yaml"), filepath.Join(dir, "nothing"), t.TempDir()} {
		if s, err := Open(name); err == nil {
			t.Errorf("%s is a lesson: %v", name, s)
		}
	}
}

func TestGlossary(t *testing.T) {
	en := Glossary("en")
	if len(en) < 45 {
		t.Errorf("%d terms", len(en))
	}
	for _, language := range Languages {
		g := Glossary(language)
		if !slices.Equal(g.IDs(), en.IDs()) {
			t.Errorf("%s has other terms, or another order", language)
		}
		for i, e := range g {
			if e.Name == "" || e.Text == "" || len([]rune(e.Text)) > 260 || slices.Index(g.IDs(), e.ID) != i || !idRegexp().MatchString(e.ID) {
				t.Errorf("%s: %+v", language, e)
			}
			if !slices.Equal(e.See, en[i].See) {
				t.Errorf("%s: %s leads elsewhere than in English", language, e.ID)
			}
			for _, id := range e.See {
				if _, ok := g.Find(id); !ok || id == e.ID {
					t.Errorf("%s: %s leads to %q", language, e.ID, id)
				}
			}
			if westernRegexp().MatchString(e.Text+e.Name) && language == "zh-Hans" {
				t.Errorf("%s: western punctuation: %s", e.ID, e.Text)
			}
		}
	}
}

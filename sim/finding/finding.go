package finding

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/metric"
	"asynclab/sim/record"
)

// Finding is one thing that happened in a run, with what shows it.
type Finding struct {
	*Kind
	Element  string        // what it is about: "service.pay", "fault.freeze", "link.shop->pay"
	From, To time.Duration // when
	Clauses  []Clause      // what is said: the fact, then what followed from it
	Evidence []Evidence
	Last     bool    // it hurt no operation: it comes behind all others
	Hurt     float64 // operations or messages that it hurt, by which findings of a rank are ordered
	In, Of   int     // replications in which it was found, of how many; 0 if in all
}

// Clause is a phrase with the names and numbers in it.
type Clause struct {
	record.Word
	Terms []string
}

// Evidence is a number that shows a finding.
type Evidence struct {
	Metric    string  // its name
	Value     float64 // over the time of the finding
	Threshold float64 // beyond which it counts; NaN: there is none
}

// Text is the finding as one sentence in English.
func (f *Finding) Text() string { return f.Say(nil) }

// String is Text.
func (f *Finding) String() string { return f.Text() }

// Say is the finding as one sentence in the language of v.
func (f *Finding) Say(v record.Voice) string {
	text := ""
	for i, c := range f.Clauses {
		if i > 0 {
			text += v.Say(joint)
		}
		text += c.say(v)
	}
	if f.Of > 0 {
		text = v.Sayf(inSome, text, fmt.Sprint(f.In), fmt.Sprint(f.Of))
	}
	return text
}

func (c *Clause) say(v record.Voice) string {
	terms := make([]any, len(c.Terms))
	for i, t := range c.Terms {
		terms[i] = t
	}
	return v.Sayf(c.Word, terms...)
}

// add appends what else is to be said.
func (f *Finding) add(p *phrase, terms ...string) {
	f.Clauses = append(f.Clauses, Clause{p.Word, terms})
}

// shows adds evidence.
func (f *Finding) shows(r metric.Ref, value, threshold float64) {
	f.Evidence = append(f.Evidence, Evidence{r.String(), value, threshold})
}

func (f *Finding) show(r metric.Ref, value float64) { f.shows(r, value, math.NaN()) }

// ByWeight sorts findings: causes before what they bring about, and of a rank those
// that hurt most.
func ByWeight(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(b.Hurt, a.Hurt))
	})
}

func (f *Finding) place() int {
	if f.Last {
		return behindAll
	}
	return f.rank
}

// Merge keeps one of each finding of several runs of a design, with the number of
// those that have it: of the findings that at least half of the runs have.
func Merge(runs [][]Finding) (out []Finding) {
	type key struct {
		kind    *Kind
		element string
	}
	count := map[key]int{}
	for _, all := range runs {
		for _, f := range all {
			k := key{f.Kind, f.Element}
			if count[k]++; count[k] == 1 {
				out = append(out, f)
			}
		}
	}
	for i := range out {
		if n := count[key{out[i].Kind, out[i].Element}]; n < len(runs) {
			out[i].In, out[i].Of = n, len(runs)
		}
	}
	out = slices.DeleteFunc(out, func(f Finding) bool { return f.Of > 0 && 2*f.In < f.Of })
	ByWeight(out)
	return out
}

package design

import (
	"strings"

	"asynclab/sim/draw"
)

// Attribute is a property of the operations of a load, drawn once for each, when it
// arrives. Messages carry those of their operation.
type Attribute struct {
	Name  string
	Dist  draw.Dist // its values; of words, their numbers 0, 1, …
	Words []string  // nil: it is a number
}

// Assign gives an attribute a value on the messages that a step sends. All that follows
// from such a message carries it too, until another step sets it again. On an answer, the
// message of whoever called carries it from then on.
type Assign struct {
	Name  string
	From  string // the attribute of the sender's message that it is copied from, or batch; "": Word or Value
	Word  string // "": Value
	Value float64
	Unit  draw.Unit
}

// MaxAttributes bounds the attributes of a design.
const MaxAttributes = 64

// Facts are what a condition can read beside attributes: how often this message was
// tried, and handed over, and how many messages its task handles.
var Facts = []string{"attempt", "delivery", "redelivered", "batch"}

// The places of Facts.
const (
	FactAttempt = iota
	FactDelivery
	FactRedelivered
	FactBatch
)

// Attributes lists the attributes of all loads by name, in the order of declaration, and
// those that only steps set. Who shares a name shares the attribute: its words are those
// of all of them, and of those that it is copied from or to.
func (d *Design) Attributes() []Attribute {
	var all []Attribute
	at := map[string]int{}
	add := func(name string, dist draw.Dist, words ...string) {
		k, known := at[name]
		if !known {
			at[name] = len(all)
			all = append(all, Attribute{Name: name, Dist: dist, Words: append([]string(nil), words...)})
			return
		}
		if len(all[k].Words) == 0 { // a number, which the checks of a word among them tell
			return
		}
		for _, w := range words {
			if wordOf(all[k].Words, w) < 0 {
				all[k].Words = append(all[k].Words, w)
			}
		}
	}
	for i := range d.Loads {
		for _, a := range d.Loads[i].Attributes {
			add(a.Name, a.Dist, a.Words...)
		}
	}
	var copies []*Assign
	d.eachSet(func(a *Assign) {
		switch {
		case a.From == Facts[FactBatch]:
			add(a.Name, draw.Const(0))
		case a.From != "":
			copies = append(copies, a)
		case a.Word != "":
			add(a.Name, draw.Const(0), a.Word)
		default:
			add(a.Name, draw.Const(a.Value).In(a.Unit))
		}
	})
	for again := len(copies) > 0; again; {
		again = false
		for _, a := range copies {
			if from, known := at[a.From]; known {
				n := len(all)
				add(a.Name, draw.Const(0).In(all[from].Dist.Unit()), all[from].Words...)
				again = again || len(all) > n
			}
		}
	}
	shareWords(all, at, copies)
	return all
}

// shareWords gives attributes that are copied from or to each other the same words, in the
// same order.
func shareWords(all []Attribute, at map[string]int, copies []*Assign) {
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	for _, a := range copies {
		from, known := at[a.From]
		if !known || len(all[from].Words) == 0 {
			continue
		}
		was, is := group[at[a.Name]], group[from]
		for i := range group {
			if group[i] == max(was, is) {
				group[i] = min(was, is)
			}
		}
	}
	for i := range all {
		first := &all[group[i]]
		for _, w := range all[i].Words {
			if first.WordOf(w) < 0 && len(first.Words) > 0 {
				first.Words = append(first.Words, w)
			}
		}
	}
	for i := range all {
		if len(all[i].Words) > 0 {
			all[i].Words = all[group[i]].Words
		}
	}
}

// EachStep visits steps and those in them, in the order of the text.
func EachStep(steps []Step, visit func(s *Step)) { eachStep(steps, visit, 1) }

func eachStep(steps []Step, visit func(s *Step), depth int) {
	if depth > MaxStepDepth {
		return
	}
	for i := range steps {
		s := &steps[i]
		visit(s)
		for _, b := range s.Branches {
			eachStep(b, visit, depth+1)
		}
		eachStep(s.Else, visit, depth+1)
	}
}

// eachSet visits what the steps of all services set, in the order of declaration.
func (d *Design) eachSet(visit func(a *Assign)) {
	for i := range d.Services {
		for j := range d.Services[i].Handlers {
			EachStep(d.Services[i].Handlers[j].Steps, func(s *Step) {
				for k := range s.Sets {
					visit(&s.Sets[k])
				}
			})
		}
	}
}

func wordOf(words []string, word string) int {
	for i, w := range words {
		if w == word {
			return i
		}
	}
	return -1
}

// WordOf is the number of a word of an attribute; -1: it has no such word.
func (a *Attribute) WordOf(word string) int { return wordOf(a.Words, word) }

// ReadsAttributes names the first place where the design treats operations differently;
// "" where it treats all of a load alike.
func (d *Design) ReadsAttributes() string {
	for i := range d.Loads {
		if l := &d.Loads[i]; l.PriorityBy != "" || l.SizeBy != "" || l.Post.reads() {
			return "load " + l.Name
		}
	}
	for i := range d.Services {
		s := &d.Services[i]
		if s.Key != "" || len(s.Stores) > 0 {
			return "service " + s.Name
		}
		for j := range s.Handlers {
			if readAttributes(s.Handlers[j].Steps) {
				return "handler " + s.Name + "/" + s.Handlers[j].Name
			}
		}
	}
	for i := range d.Brokers {
		for _, q := range d.Brokers[i].Declared() {
			if q.Key != "" || q.Known.Key != "" || !q.Filter.IsZero() || !q.Persistent.IsZero() {
				return "a queue of " + d.Brokers[i].Name
			}
		}
	}
	return ""
}

func (p *Post) reads() bool { return p.TTLBy != "" || p.DelayBy != "" }

func readAttributes(steps []Step) bool {
	for i := range steps {
		s := &steps[i]
		if !s.When.IsZero() || !s.While.IsZero() || s.By != "" || len(s.Whens) > 0 || len(s.Sets) > 0 || s.Post.reads() || readAttributes(s.Else) {
			return true
		}
		for _, b := range s.Branches {
			if readAttributes(b) {
				return true
			}
		}
	}
	return false
}

// String is the condition as it is written.
func (c Condition) String() string { return c.Text }

// String is the setting as it is written.
func (a Assign) String() string {
	if a.From != "" {
		return a.Name + ": {from: " + a.From + "}"
	}
	if a.Word != "" {
		return a.Name + ": " + a.Word
	}
	return a.Name + ": " + draw.FormatQuantity(a.Value, a.Unit)
}

// String is the attribute as it is written.
func (a Attribute) String() string {
	if len(a.Words) == 0 {
		return a.Name + ": " + a.Dist.String()
	}
	return a.Name + ": [" + strings.Join(a.Words, ", ") + "]"
}

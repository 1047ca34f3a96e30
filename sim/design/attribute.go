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

// MaxAttributes bounds the attributes of a design.
const MaxAttributes = 64

// Facts are what a condition can read beside attributes: how often this message was
// tried, and handed over.
var Facts = []string{"attempt", "delivery", "redelivered"}

// The places of Facts.
const (
	FactAttempt = iota
	FactDelivery
	FactRedelivered
)

// Attributes lists the attributes of all loads by name, in the order of declaration.
// Loads that share a name share the attribute: its words are those of all of them.
func (d *Design) Attributes() []Attribute {
	var all []Attribute
	at := map[string]int{}
	for i := range d.Loads {
		for _, a := range d.Loads[i].Attributes {
			k, known := at[a.Name]
			if !known {
				at[a.Name] = len(all)
				all = append(all, Attribute{Name: a.Name, Dist: a.Dist, Words: append([]string(nil), a.Words...)})
				continue
			}
			for _, w := range a.Words {
				if wordOf(all[k].Words, w) < 0 {
					all[k].Words = append(all[k].Words, w)
				}
			}
		}
	}
	return all
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
		if l := &d.Loads[i]; l.PriorityBy != "" || l.SizeBy != "" {
			return "load " + l.Name
		}
	}
	for i := range d.Services {
		s := &d.Services[i]
		if s.Key != "" {
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
			if q.Key != "" || !q.Filter.IsZero() {
				return "a queue of " + d.Brokers[i].Name
			}
		}
	}
	return ""
}

func readAttributes(steps []Step) bool {
	for i := range steps {
		s := &steps[i]
		if !s.When.IsZero() || s.By != "" || len(s.Whens) > 0 || readAttributes(s.Else) {
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

// String is the attribute as it is written.
func (a Attribute) String() string {
	if len(a.Words) == 0 {
		return a.Name + ": " + a.Dist.String()
	}
	return a.Name + ": [" + strings.Join(a.Words, ", ") + "]"
}

package control

import (
	"strings"

	"asynclab/sim/record"
)

// GroupSet is a set of groups.
type GroupSet uint16

// Has reports whether the set holds g.
func (s GroupSet) Has(g record.Group) bool { return s&(1<<g) != 0 }

// With returns the set with g added or removed.
func (s GroupSet) With(g record.Group, in bool) GroupSet {
	if in {
		return s | 1<<g
	}
	return s &^ (1 << g)
}

// Filter says which entries of the log to show. The zero value shows all.
type Filter struct {
	Text    string   // the line contains every word of it, regardless of case
	Groups  GroupSet // empty: all
	Element string   // a node, queue or topic that the entry is about; empty: any
	Lane    int      // of Op
	Op      uint64   // of this operation only; 0: any
}

// Select lists the indices of the entries that the filter lets through, in
// their order. says returns an entry's text; it is called only when Text is
// set.
func (f *Filter) Select(log []Entry, says func(*Entry) string) []int {
	words := strings.Fields(strings.ToLower(f.Text))
	var out []int
	for i := range log {
		e := &log[i]
		if f.admits(e) && (len(words) == 0 || holds(strings.ToLower(says(e)), words)) {
			out = append(out, i)
		}
	}
	return out
}

func (f *Filter) admits(e *Entry) bool {
	switch {
	case f.Op != 0 && (e.Op != f.Op || e.Lane != f.Lane):
		return false
	case f.Groups != 0 && !f.Groups.Has(e.Group()):
		return false
	}
	return f.Element == "" || e.Concerns(f.Element)
}

// Concerns reports whether an entry is about an element: BROKER includes its
// queues and topics, BROKER/TOPIC its subscriptions.
func (e *Entry) Concerns(element string) bool {
	return e.NodeName == element || e.ToName == element || e.QueueName == element ||
		strings.HasPrefix(e.QueueName, element+"/")
}

func holds(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

package design

import (
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/record"
)

// Cause is the number of the reason why an operation, a request or a copy of a message
// failed. The numbers from NumCauses on are those of mechanisms, in each design its own
// (see Design.Reasons).
type Cause uint8

// The causes of the core, as SEMANTICS names them. Refused covers a refused connection
// and one that was reset by a crash; Expired a copy's TTL and a client's patience.
const (
	OK Cause = iota
	Timeout
	Rejected
	Dropped // removed from a full queue that had accepted it
	Refused
	Error
	Lost
	Expired
	DeadLettered
	Deadline
	NumCauses
)

// MaxCauses bounds the causes of a design, those of its mechanisms included.
const MaxCauses = 16

// Reason declares a cause: its name, for metrics and scenarios, and words, for people.
type Reason struct {
	Name, Words string
	Spares      bool // it says nothing of the callee's health: no breaker counts it
	Retried     bool // of a mechanism: a retry that names no causes tries it again
}

var causes = [NumCauses]Reason{
	{Name: "ok", Words: ""}, {Name: "timeout", Words: "timeout"}, {Name: "rejected", Words: "rejected"}, {Name: "dropped", Words: "dropped"}, {Name: "refused", Words: "refused"}, {Name: "error", Words: "error"},
	{Name: "lost", Words: "lost"}, {Name: "expired", Words: "expired"}, {Name: "dead_lettered", Words: "dead-lettered"}, {Name: "deadline", Words: "deadline passed"},
}

// Word is the text of the cause for users; none, and success, have none.
func (r *Reason) Word() record.Word {
	if r == nil || r.Words == "" {
		return record.Word{}
	}
	return record.Word{ID: "cause." + r.Name, English: r.Words}
}

func (c Cause) String() string {
	if c < NumCauses {
		return causes[c].Name
	}
	return fmt.Sprintf("cause(%d)", uint8(c))
}

// Causes lists the causes of failure of the core and of mechanisms, in the order in
// which they are reported.
func Causes(of ...Mechanism) []*Reason {
	var all []*Reason
	for c := Timeout; c < NumCauses; c++ {
		all = append(all, &causes[c])
	}
	for _, m := range of {
		for _, r := range m.Declaration().Causes {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}

// CauseSet is a set of causes.
type CauseSet struct {
	Core uint16   // a bit for each cause of the core
	More []string // names of causes of mechanisms
}

const _ = MaxCauses - NumCauses // does not compile when there are more causes than bits

// Has reports whether the set holds a cause of the core.
func (s CauseSet) Has(c Cause) bool { return s.Core&(1<<c) != 0 }

// String lists the names of the causes.
func (s CauseSet) String() string {
	var names []string
	for c := range causes {
		if s.Has(Cause(c)) {
			names = append(names, causes[c].Name)
		}
	}
	return "[" + strings.Join(append(names, s.More...), ", ") + "]"
}

// IsEmpty reports whether the set holds nothing.
func (s CauseSet) IsEmpty() bool { return s.Core == 0 && len(s.More) == 0 }

// With returns the set with a cause of the core added.
func (s CauseSet) With(c Cause) CauseSet { return CauseSet{s.Core | 1<<c, s.More} }

// WithName returns the set with the cause of a name added.
func (s CauseSet) WithName(name string) CauseSet {
	for c := range causes {
		if causes[c].Name == name {
			return s.With(Cause(c))
		}
	}
	return CauseSet{s.Core, append(slices.Clip(s.More), name)}
}

// Bits has a bit for each cause in the set, by the numbers of Design.Reasons.
func (s CauseSet) Bits(reasons []*Reason) uint16 {
	bits := s.Core
	for i := int(NumCauses); i < len(reasons); i++ {
		if slices.Contains(s.More, reasons[i].Name) {
			bits |= 1 << i
		}
	}
	return bits
}

// Retryable is the default of Retry.On, with the causes that are Retried.
var Retryable = CauseSet{Core: 1<<Timeout | 1<<Rejected | 1<<Refused | 1<<Error}

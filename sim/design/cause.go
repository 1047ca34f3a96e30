package design

import (
	"fmt"
	"slices"

	"asynclab/sim/record"
)

// Cause is the reason why an operation, a request or a copy of a message failed.
type Cause uint8

// The causes, as SEMANTICS names them. Refused covers a refused connection and
// one that was reset by a crash; Expired a copy's TTL and a client's patience.
const (
	OK Cause = iota
	Timeout
	Rejected
	Dropped // removed from a full queue that had accepted it
	Refused
	Error
	CircuitOpen
	Limited
	Lost
	Expired
	DeadLettered
	Deadline
	NumCauses
)

// causes have a name, for metrics and scenarios, and words, for people.
var causes = [NumCauses]struct{ name, words string }{
	{"ok", ""}, {"timeout", "timeout"}, {"rejected", "rejected"}, {"dropped", "dropped"}, {"refused", "refused"}, {"error", "error"},
	{"circuit_open", "circuit open"}, {"limited", "limited"}, {"lost", "lost"}, {"expired", "expired"},
	{"dead_lettered", "dead-lettered"}, {"deadline", "deadline passed"},
}

func (c Cause) String() string {
	if c < NumCauses {
		return causes[c].name
	}
	return fmt.Sprintf("cause(%d)", uint8(c))
}

// Word is the text of the cause for users; OK has none.
func (c Cause) Word() record.Word {
	if c == OK || c >= NumCauses {
		return record.Word{}
	}
	return record.Word{ID: "cause." + causes[c].name, English: causes[c].words}
}

// ParseCause reads the name of a cause of failure.
func ParseCause(s string) (Cause, error) {
	for c := Timeout; c < NumCauses; c++ {
		if causes[c].name == s {
			return c, nil
		}
	}
	return OK, fmt.Errorf("unknown cause of failure %q", s)
}

// Causes lists the causes of failure, in the order in which they are reported.
func Causes() []Cause {
	var all []Cause
	for c := Timeout; c < NumCauses; c++ {
		all = append(all, c)
	}
	return all
}

// Occurring lists the causes that something in the engine produces, in the order
// in which they are reported. A retry may name CircuitOpen and Limited too.
func Occurring() []Cause {
	return slices.DeleteFunc(Causes(), func(c Cause) bool { return c == CircuitOpen || c == Limited })
}

// CauseSet is a set of causes.
type CauseSet uint16

const _ = 16 - NumCauses // does not compile when there are more causes than bits in a CauseSet

// Has reports whether the set holds c.
func (s CauseSet) Has(c Cause) bool { return s&(1<<c) != 0 }

// With returns the set with c added.
func (s CauseSet) With(c Cause) CauseSet { return s | 1<<c }

// Retryable is the default of Retry.On.
const Retryable CauseSet = 1<<Timeout | 1<<Rejected | 1<<Refused | 1<<Error

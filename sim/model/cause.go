package model

import (
	"fmt"
	"slices"
)

// Cause is why an operation, a request or a copy of a message ended badly.
type Cause uint8

// The causes, as SEMANTICS names them. Refused covers a refused connection and
// one that was reset by a crash; Expired a copy's TTL and a client's patience.
const (
	OK Cause = iota
	Timeout
	Rejected
	Refused
	Error
	CircuitOpen
	Limited
	Lost
	Expired
	DeadLettered
	Deadline
	numCauses
)

var causeNames = [numCauses]string{"ok", "timeout", "rejected", "refused", "error", "circuit_open", "limited", "lost", "expired", "dead_lettered", "deadline"}

func (c Cause) String() string {
	if c < numCauses {
		return causeNames[c]
	}
	return fmt.Sprintf("cause(%d)", uint8(c))
}

// ParseCause reads the name of a cause of failure.
func ParseCause(s string) (Cause, error) {
	for c := Timeout; c < numCauses; c++ {
		if causeNames[c] == s {
			return c, nil
		}
	}
	return OK, fmt.Errorf("unknown cause of failure %q", s)
}

// Causes lists the causes of failure, in the order in which they are reported.
func Causes() []Cause {
	var all []Cause
	for c := Timeout; c < numCauses; c++ {
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

// Has tells whether the set holds c.
func (s CauseSet) Has(c Cause) bool { return s&(1<<c) != 0 }

// With returns the set with c added.
func (s CauseSet) With(c Cause) CauseSet { return s | 1<<c }

// Retryable is the default of Retry.On.
const Retryable CauseSet = 1<<Timeout | 1<<Rejected | 1<<Refused | 1<<Error | 1<<Lost

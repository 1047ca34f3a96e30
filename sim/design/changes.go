package design

import "time"

// The paths of changes that are no parameters.
const (
	Inject = "inject" // Value: the text of a fault
	Heal   = "heal"   // Value: the name of a fault
)

// Change is a parameter set, or a fault begun or ended, by hand during a run.
type Change struct {
	At    time.Duration
	Path  string // a parameter, Inject or Heal
	Value string // its value; the text of a fault (see ParseFault); the name of a fault
}

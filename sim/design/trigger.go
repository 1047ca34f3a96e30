package design

import (
	"strconv"
	"strings"
	"time"
)

// DefaultLook is how often the condition of a fault is looked at.
const DefaultLook = 100 * time.Millisecond

// FaultClock says which time goes by between two occurrences of a fault.
type FaultClock uint8

// The clocks: all time; or the time in which a worker of its node is busy, as what wears
// out by work.
const (
	ClockTime FaultClock = iota
	ClockBusy
)

// Trigger is the condition of a fault: a metric of the run, so far, and a bound.
type Trigger struct {
	Metric string // a count so far, or the present value of a level
	Op     string
	Value  float64
}

var triggerOps = []string{">", ">=", "<", "<="}

// ParseTrigger reads a condition such as "queue.bus/orders.depth > 1000".
func ParseTrigger(text string) (t Trigger, ok bool) {
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return t, false
	}
	v, err := strconv.ParseFloat(parts[2], 64)
	t = Trigger{parts[0], parts[1], v}
	return t, err == nil && v-v == 0 && t.known()
}

func (t Trigger) known() bool {
	for _, op := range triggerOps {
		if t.Op == op {
			return true
		}
	}
	return false
}

// Holds reports whether the condition holds for a value of its metric.
func (t Trigger) Holds(v float64) bool {
	switch t.Op {
	case ">":
		return v > t.Value
	case ">=":
		return v >= t.Value
	case "<":
		return v < t.Value
	}
	return v <= t.Value
}

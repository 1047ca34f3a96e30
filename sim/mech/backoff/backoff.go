// Package backoff has the schedules of the waits before retries, each one value. For
// the wait before the k-th retry (k = 1, 2, …) with base b, factor f and a bound:
//
//	constant      b
//	Linear        k·b
//	Exponential   b·f^(k-1)
//	Decorrelated  uniform(b, 3·previous), previous starting at b
//	List          the k-th of a list, and the last of it for ever
//
// A new one is a value, its place in All, and a case of the tests of retries.
package backoff

import "asynclab/sim/draw"

// Schedule is a way to space retries. Without one the wait is the base each time.
type Schedule struct {
	Word      string   // in a scenario: Word(base, key=…)
	Usage     string   // the same with all its arguments
	Keys      []string // of them, those with a name
	Doc       string   // what it does, after Word(100ms)
	Remembers bool     // each wait follows from the one before
	Wait      func(s Step) float64
	Waits     []float64 // of a list, in seconds; it has none of the others
}

// List is a schedule that names its waits, in seconds.
func List(waits ...float64) *Schedule { return &Schedule{Waits: waits} }

// Listed reports whether the schedule is a list.
func (s *Schedule) Listed() bool { return s != nil && s.Waits != nil }

// After is the wait that a step makes.
func (s *Schedule) After(step Step) float64 {
	if s.Waits != nil {
		return s.Waits[min(int(step.K), len(s.Waits))-1]
	}
	return s.Wait(step)
}

// Step is what the k-th wait is made of, in seconds.
type Step struct {
	Base, Factor float64
	K            int32
	Previous     float64 // the wait before; the base before the first
	Chance       float64 // a draw from 0 to 1
}

// The schedules. Decorrelated is of Brooker, "Exponential backoff and jitter" (AWS 2015).
var (
	Linear = &Schedule{
		Word: "linear", Usage: "linear(100ms, max=10s)", Keys: []string{"max"}, Doc: "k times as long",
		Wait: func(s Step) float64 { return float64(s.K) * s.Base },
	}
	Exponential = &Schedule{
		Word: "exponential", Usage: "exponential(100ms, factor=2, max=10s)", Keys: []string{"factor", "max"}, Doc: "times the factor with each retry",
		Wait: func(s Step) float64 { return s.Base * draw.Pow(s.Factor, float64(s.K-1)) },
	}
	Decorrelated = &Schedule{
		Word: "decorrelated", Usage: "decorrelated(100ms, max=10s)", Keys: []string{"max"}, Doc: "between the base and three times the wait before, at random", Remembers: true,
		Wait: func(s Step) float64 { return s.Base + float64(s.Chance*(float64(3*s.Previous)-s.Base)) },
	}
)

// All are the schedules that a scenario can name.
var All = []*Schedule{Linear, Exponential, Decorrelated}

// Package kernel is the executor of a run: simulated time and the list of
// pending events. It knows nothing of services or brokers.
//
//	           Push(time, phase, kind, arg) ──► ID
//	engine ──────────────────────────────┐
//	  ▲                                  ▼
//	  │ handles          ┌──────────────────────────────┐
//	  └───────── Pop ◄───│ List: (time, phase, sequence)│◄── Cancel
//	                     └──────────────────────────────┘
//
// Time is int64 nanoseconds from 0. Simultaneous events are ordered by phase
// and then by the order in which they were scheduled, so that a run is one
// total order and the same on every machine.
//
// # How to choose
//
// An event is a small value, not a closure: Kind says what happens and Arg to
// which object (an index into a slab). To be able to cancel a timer, keep the
// ID that Push returned in the object it belongs to. To cancel it, clear the ID
// and call Cancel, so that the list removes cancelled events before they pile
// up. A list of a dozen events is a sorted array. Of a longer one only the next
// dozen events are sorted, and the others lie in buckets by the digits of their
// time: an event costs about as much at a million pending as at a thousand, and
// no bucket width has to be chosen.
package kernel

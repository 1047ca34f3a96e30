// Package finding says in plain words what happened in a run: what was saturated, who
// waited for it, what a fault did, what retries made of it. It reads what is counted
// anyway, costs a run nothing while it runs, and never guesses: each finding has the
// numbers that show it, and those beyond which it counts.
//
//	engine.Run ──► Source: metrics, series, spells of faults, the design
//	                  │
//	                  ▼
//	               study ──► kinds: deadlock, retry storm, fault, saturated, …
//	                              │ find
//	                              ▼
//	             all findings ──► without those that others bring about ──► ranked
//	                                                                         │
//	     sim.DesignResult.Findings ──► text, JSON, Markdown, JUnit, window ◄─┘
//
// A healthy run has no findings: a bound is either one that chance does not pass (many
// standard errors, or the tail of a busy period), or a thousandth of what comes.
//
// # How to choose
//
// A mechanism that turns something away, or ends messages, declares that with its
// metric (metric.Metric.Tells) and is found. A new kind is a value of Kind in kinds.go,
// with a function that looks at a study, the phrases that it says, and their
// translations. Kinds are ranked so that a cause comes before what it brings about; what
// happens only while a fault lasts, or at one that waits for a saturated service, is no
// finding of its own but a clause of that one.
//
// The window asks with Find, of a run that goes on too, and shows Finding.Say.
package finding

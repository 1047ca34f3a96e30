// Package sweep is the place in which a parameter is varied: curves of metrics along
// it, with their intervals, and what was found on them.
//
//	scenario, plan (a form) ──► study.Sweep ──Execute, not in the window's goroutine──► study.Swept
//	                                              │ progress, cancel                     │
//	                                              ▼                                      ▼
//	                                          one line            picture.Figures ──► figure.Figure, sentences
//	                                                                                     │ a tap on a value
//	                                                                                     ▼
//	                                                                    scenarios.With ──► the Lab
//
// The sweep is that of the command, to the byte.
//
// # How to choose
//
// What a sweep can do is in package study. Here is what is asked (plan), and what is
// shown (Place).
package sweep

// Package theory knows the models of queueing theory that have a closed form, finds them
// in a design, and puts what they say beside what a run measured.
//
//	design ──► Of ──► Finding: element, model, assumptions (held or broken),
//	                     │      predictions (metric, value, exact | approximation | bound)
//	                     ▼
//	result ──► Compare ──► Part: theory, measured, difference in standard errors, verdict
//
//	MMC MMCK MMCD MG1 MDC MGC GGC GM1 MGInf   one queue (markov.go, general.go)
//	MVA Repair Engset                         users who wait (closed.go)
//	ForkJoin MaxOfExponentials SolveLayers    tasks that wait for tasks (forkjoin.go, layered.go)
//
// # How to choose
//
// The functions are pure: rates per second, times in seconds, one queue or network each.
// Their documentation has the source, and how exact they are. Numbers stay finite for
// 10,000 servers and lines of 10⁶: recurrences and sums outwards from the greatest term,
// never factorials.
//
//	arrivals   work         workers, line             function
//	Poisson    exponential  c, endless                MMC (M/M/1 with c = 1)
//	Poisson    exponential  c, bounded                MMCK (Erlang B with a line of 0)
//	Poisson    exponential  c, patience               MMCK (exponential), MMCD (constant)
//	Poisson    any          1                         MG1 (M/D/1 with cv2 = 0)
//	Poisson    constant     c                         MDC
//	Poisson    any          c                         MGC, an approximation; unlimited: MGInf
//	any        exponential  1                         GM1
//	any        any          c                         GGC, an approximation
//	users      exponential  c                         Repair, with a bounded line Engset
//	users      exponential  several stations          MVA
//	Poisson    exponential  n at once, all awaited    ForkJoin
//	Poisson    any          held by those who wait    SolveLayers, an approximation
//
// Of looks at the design alone, as it stands after --set. It follows messages from loads
// through handlers, queues and topics, adds up rates (also around loops), and asks of each
// service which of the models its arrivals, work, workers and line make it. What is fed by
// a queue that is not M/M/c is not Poisson: the same formula is then called an
// approximation (Burke 1956 says when it is not). Where something has no steady state, or
// nothing fits, the finding has the nearest model, no predictions, and what is broken.
//
// A new model is a function with its source, a value in models.go, a case where it is
// recognised (recognize.go, users.go), and a small scenario in scenarios/theory_test.go
// with a twin that breaks it.
package theory

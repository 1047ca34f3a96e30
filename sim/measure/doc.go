// Package measure records the metrics of one run and computes statistics over
// several runs.
//
// A [Recorder] is part of the state of a run, like a queue or a clock: it is
// copied by a checkpoint, and a run continued from the copy gives the same
// bits. It is plain data in a few slices, allocates nothing in steady state,
// and its memory depends on how many metrics and points there are, not on how
// long the run is.
//
//	engine ── Inc, Level, Observe ──►  counters · levels · histograms      (hot: totals since 0)
//	  │                                              │
//	  │   Sample, at every NextSample                │ copy totals; cells of what was touched
//	  ▼                                              ▼
//	time 0 ├──────┼──────┼──╂───┼──────┼──────┤     rows, one per bucket ──► series, windows
//	       bucket           ┃                 ▲      (full and not at the end: join them in pairs)
//	                   warm-up: totals        Finish
//	                   so far are the base ──────────► Count, LevelMean, HistQuantile, …
//
// The hot path never touches a series. One event per bucket does that work: it
// appends the running totals as a row, so that a series or a window is a
// difference of rows, and joining two buckets means dropping the row between
// them.
//
// # How to choose
//
//   - Something happens, and the question is how often: a counter. Offered,
//     completed, dropped, failed by cause. Rates and ratios are computed
//     from counters afterwards.
//   - Something has a size at every moment, and the question is how large for how
//     long: a level. Queue length, busy workers, open connections. Its mean is
//     weighted by time, so it agrees with Little's law exactly: the integral is
//     the sum of the times that all units spent in the system.
//   - Something takes a time of its own for each of many, and the question is how
//     long for most of them: a histogram. Latency, wait, sojourn, age.
//
// For metrics of an operation (offered, completed, latency) use
// [Recorder.IncOp] and [Recorder.ObserveOp], or both as [Recorder.EndOp], with the
// operation's arrival; for metrics of an element (served, busy, wait) the plain forms.
//
// Over several runs: [Summarize] for a mean with its interval, [Paired] for a
// difference under common random numbers, [MedianOf] where a few replications are
// far from the rest and nothing can be assumed. Over one run in which nothing
// happens but chance: [BatchMeans] for an interval, [ShortWarmup] for advice.
//
// # What is exact and what is not
//
// Counts, integrals, sums, means, minima and maxima are exact: whole numbers of
// 64 or 128 bits, rounded once when they become a float64 (and once more for a
// division). Intervals are half-open: an event at the instant of a boundary
// belongs to the interval that begins there. A level's maximum includes values
// that lasted for no time.
//
//	quantiles of windows   ≤ 0.39 % (128 bins per octave); exact below 256 ns
//	quantiles of series    ≤ 3.2 %  (16 cells per octave); 8 ns below 128 ns
//
// Quantiles are nearest rank. Windows consist of whole buckets; they return the
// span they cover. Without samples the result is NaN, or ok is false.
//
// The histogram is not HdrHistogram-go's, which is an object behind a pointer
// with counts for its whole range from the start. This one is copied flat by a
// checkpoint, allocates an octave with its first value, and computes the
// difference since the last bucket from the octaves touched only.
//
// Floating point is the same on every processor: every computation of a result
// has an explicit conversion around each product, so that the compiler does not
// fuse it with an addition, and Student's t comes from a table.
package measure

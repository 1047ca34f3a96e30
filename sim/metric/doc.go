// Package metric declares the metrics: each of them once, with its unit, its
// denominator, what it means, its row in a report and its curve in a plot.
//
//	Kind ("load") ──► Metrics ──┬──► engine      where the recorder holds it, how it is read
//	 of element                 ├──► report      which rows, in which order, when
//	                            ├──► plots       which curves; lessons: which plots there are
//	                            └──► reference   asynclab metrics, the window's explanations
//
//	Ref = Metric + element + cause + statistic ──► String ──► "load.shoppers.failed.timeout.rate"
//	                                           ◄── Parse  ◄──
//
// Inside the program a metric is a *Metric or a Ref. Its name is made by
// Ref.String, and taken apart by Parse, at the edges only: in JSON and CSV, in
// expectations, on the command line.
//
// # Adding a counter
//
// Add a constant among those of its kind of element, a declaration beside it,
// and in the engine the line that counts:
// rec.Inc(s.m.c + metric.ServiceRetries). The constant is an offset from the
// first counter of the element, so counting costs one addition. A metric that
// the engine computes when it is read has a Value instead, and a case in the
// engine's method computed.
//
// Its Row is its place in a report, its Curve the plot that it is drawn in; a new
// plot is a variable in plot.go, listed in Plots. Nothing else knows names of
// metrics: the command line, reports, the window and lessons read these tables. A kind
// of a mechanism is declared in its folder: what reads tables gets the list of kinds.
//
// Then go test -update in sim/engine adds the name to the golden runs, and the
// test of ui/locale names what assets/translations/zh-Hans/model.json lacks.
package metric

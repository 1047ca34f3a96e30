// Package expect parses and evaluates expectations: one line each, about
// metrics of one or more designs.
//
//	"broker: load.shoppers.completed.ratio >= 99.9%"
//	     │
//	     ▼
//	   Parse ──► *Expectation ──► Metrics   which metrics it needs, at which offsets
//	                  │      └──► Check     are they known, do their units fit
//	                  ▼
//	              Evaluate ◄── Lookup       a value per metric, window and replication
//	                  │
//	                  ▼
//	              Outcome                   pass, not met, or inconclusive; the value seen
//
// # The language
//
//	expectation = [ DESIGN ":" ] sum comparison [ window ]
//	comparison  = ( ">=" | "<=" | ">" | "<" | "==" | "=" | "!=" ) sum
//	            | "within" sum "of" sum
//	            | "between" sum "and" sum
//	sum         = product { ( "+" | "-" ) product }
//	product     = factor { ( "*" | "/" ) factor }
//	factor      = "-" factor | primary [ window ]
//	primary     = NUMBER | METRIC | "(" sum ")" | ( "min" | "max" | "abs" ) "(" sum { "," sum } ")"
//	window      = "in" TIME ".." TIME
//
// A METRIC is a name from SEMANTICS ("load.shoppers.accepted.latency.p99",
// "queue.bus/orders.depth.max", "link.shop->pay.lost"), with a design's name and
// a dot before it where it is not the design of the line. Its first word tells
// the two apart: the name of a kind of element (metric.Core) begins a metric, so
// no design may have one of these names (see IsKind).
//
// Dashes, slashes and arrows belong to a name where they stand between two
// letters or digits without a space: "a.b-c" is one name, "a.b - c.d" is a
// subtraction, "a.b/c" is one name, "a.b / c.d" and "a.b/(c.d)" are divisions.
//
// A NUMBER carries its unit: 200ms, 99.9%, 50/s, 2MB, 1e6. Units are checked:
// comparing a time with a plain number is an error, zero fits every unit.
// "within" takes a share of the right side (within 2% of X) or an absolute
// tolerance in its unit (within 5ms of X).
//
// A window at the end of the line holds for every metric that has none of its
// own; elsewhere it belongs to the metric or the parentheses before it.
//
// # How it is evaluated
//
// Differences below one part in 10¹² are taken for rounding and ignored. A
// metric without samples, and an expression without a finite value (a division
// by zero), fail the expectation, and the outcome gives the reason.
//
// With replications the margin (left minus right) is taken per replication, and
// its 95 % interval decides: if all of it satisfies the comparison the
// expectation passes, if none of it does the expectation is not met, and
// otherwise it is inconclusive, which is not a pass: run more replications, or
// a longer run. "==" passes only if every replication is equal. One replication
// without samples fails the expectation, because it may be the one that
// matters.
//
// # How to choose
//
// Compare designs by putting both into one line (chain: X > 2 * broker.X)
// rather than each against a number: under common random numbers the margin has
// far less noise than either side. Use "within" for a value that theory gives,
// ">=" for a promise, a window for what happens during a fault.
package expect

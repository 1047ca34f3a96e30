package scenarios_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
)

// plan is what is done to the runs of a scenario, beside its text: how they are
// cut short, and what a person does while they go on.
type plan struct {
	Replications int    // of a scenario without acts; 0: as the scenario says
	MaxEvents    uint64 // 0: as the scenario says
	MaxInFlight  int    // 0: as the engine has it
	Replication  int    // of a scenario with acts
	Points       int    // of every series; 0: as the engine has it
	Observed     bool   // an observer looks on
	Acts         []act  // in this order
}

// act is one thing done by hand: the run goes on to a time, then by some events
// (so that it stops in the middle of an instant too), and it is done.
//
//	set, inject, heal  change a parameter, begin a fault, end one
//	keep               take a checkpoint
//	return             go back to it
//	again              the same, and what was changed is to be changed again
//	forget             what is still to come is not to come
//	step               some events, one after the other
type act struct {
	At     time.Duration
	Events uint64
	Do     string
	What   string // a parameter, the text of a fault or its name
	Value  string // of the parameter
}

// values are what live parameters are set to, by the last part of their paths.
var values = map[string][]string{
	"attempts": {"1", "3", "unlimited"}, "backoff": {"1ms", "exp(10ms)"}, "bandwidth": {"100kB/s", "unlimited"}, "burst": {"1", "9"}, "batch": {"1", "geometric(2)"},
	"cap": {"20ms", "none"}, "corrupt": {"0", "10%"}, "deadline": {"20ms", "500ms", "none"}, "delay": {"1ms", "exp(20ms)"}, "delayed": {"0s", "20ms"}, "window": {"10ms", "300ms"}, "down": {"0", "1"},
	"duplicate": {"0", "20%"}, "for": {"20ms", "300ms", "none"}, "errors": {"0", "30%"}, "factor": {"1", "3"}, "fail": {"0", "30%"}, "interval": {"exp(10ms)", "40ms"},
	"jitter": {"0s", "exp(1ms)"}, "line": {"unlimited"}, "latency": {"0s", "3ms", "exp(2ms)"}, "loss": {"0", "20%"}, "max_deliveries": {"1", "3", "unlimited"},
	"max_length": {"1", "5", "unlimited"}, "messages": {"3", "20"}, "mean": {"2", "1", "0.5"}, "need": {"1"}, "patience": {"5ms", "none"}, "probability": {"0", "40%"},
	"queue": {"0", "2", "unlimited"}, "rate": {"0/s", "20/s", "150/s"}, "reorder": {"0", "20%"}, "reorder_by": {"0s", "8ms"},
	"repeat": {"0", "1", "4"}, "reply": {"0B", "4kB"}, "retransmit": {"none", "20ms"}, "scale": {"0.5", "2"}, "keep.size": {"1kB", "5kB", "unlimited"}, "size": {"0B", "4kB"}, "speed": {"0.5", "2"},
	"think": {"1ms", "exp(30ms)"}, "timeout": {"10ms", "200ms", "none"}, "ttl": {"none", "30ms"}, "visibility": {"none", "15ms", "200ms"},
	"weight": {"0", "20%"}, "work": {"1ms", "exp(8ms)"}, "workers": {"0", "1", "2", "5", "unlimited"}, "instances": {"1", "2", "5"}, "prefetch": {"0", "1", "4", "unlimited"},
	"wait": {"0s", "100ms"}, "poll": {"1ms", "50ms"}, "min": {"1"}, "max": {"1", "4"}, "linger": {"1ms", "20ms"},
	"publish": {"0s", "exp(3ms)"}, "store": {"0s", "2ms"}, "replicate": {"0s", "1ms"}, "deliver": {"0s", "exp(2ms)"}, "slow_to": {"5/s", "100/s"},
}

// lastPart is the last part of a path, without the number of a step of its kind.
func lastPart(path string) string {
	if strings.HasSuffix(path, ".keep.size") || strings.HasSuffix(path, ".flow_control.size") { // no size of a message, and never 0
		return "keep.size"
	}
	if strings.HasSuffix(path, ".capacity.workers") { // never none
		return "max"
	}
	return strings.TrimRight(path[strings.LastIndexByte(path, '.')+1:], "#-0123456789")
}

// planFor draws what is done to the runs of a generated scenario.
func planFor(seed uint64, number int, sc *scenarios.Scenario) (plan, error) {
	g := &generator{Rand: rand.New(rand.NewPCG(^seed, uint64(number)))}
	d := sc.Designs[0]
	for i := range d.Services {
		if strings.HasPrefix(d.Services[i].Name, "s") {
			g.services++
		}
	}
	g.brokers = []string{"bus"}
	p := plan{Replication: g.IntN(3), Observed: g.chance(0.5)}
	if g.chance(0.1) {
		p.MaxInFlight = g.between(20, 200)
	}
	if g.chance(0.3) {
		p.Points = g.between(1, 40)
	}
	live, err := liveParameters(d)
	if err != nil {
		return p, err
	}
	length := sc.Run.Duration
	if length == 0 {
		length = 3 * time.Second
	}
	faults := []string{"crash-s0", "pause-s0", "f0", "f1", "mine", "other"}
	kept, injected := false, ""
	for range g.between(0, 9) {
		a := act{At: time.Duration(g.Float64() * float64(length))}
		if g.chance(0.4) {
			a.Events = uint64(g.between(1, 300))
		}
		switch k := g.IntN(12); {
		case k <= 3:
			a.Do, a.What = "set", live[g.IntN(len(live))]
			a.Value = g.pick(values[lastPart(a.What)]...)
			if lastPart(a.What) == "mean" { // in the unit of its distribution
				now, err := d.Number(a.What)
				if err != nil {
					return p, err
				}
				factor := map[string]float64{"2": 2, "1": 1, "0.5": 0.5}[a.Value]
				a.Value = fmt.Sprintf("%.4g", max(now*factor, 1e-6))
			}
		case k <= 6:
			if injected == "" || g.chance(0.6) { // otherwise the same once more
				injected = g.injection()
				if g.chance(0.2) {
					injected += " name=mine"
				}
			}
			a.Do, a.What = "inject", injected
			name := strings.ReplaceAll(strings.Join(strings.Fields(injected)[:2], "-"), "_", "-")
			faults = append(faults, name, name, name+"-2")
		case k <= 8:
			a.Do, a.What = "heal", g.pick(faults...)
		case k == 9 || !kept:
			a.Do, kept = "keep", true
		case k == 10:
			a.Do = g.pick("return", "again", "again")
		default:
			a.Do = g.pick("return", "forget", "step")
		}
		p.Acts = append(p.Acts, a)
	}
	if g.chance(0.7) { // in the order of time, as in a lecture; otherwise what was kept is returned to at once
		slices.SortStableFunc(p.Acts, func(a, b act) int { return int(a.At - b.At) })
	}
	if i := slices.IndexFunc(p.Acts, func(a act) bool { return a.Do == "keep" || a.Do == "return" || a.Do == "again" }); i >= 0 {
		p.Acts[i].Do = "keep" // before anything returns to it
	}
	return p, nil
}

// liveParameters are the paths of a design that can change while it runs, and
// for which there are values.
func liveParameters(d *design.Design) ([]string, error) {
	var paths []string
	for _, p := range design.Params(d) {
		if !p.Live {
			continue
		}
		if len(values[lastPart(p.Path)]) == 0 {
			return nil, fmt.Errorf("no values for %s: add some to those of %s", p.Path, strings.Join(slices.Sorted(maps.Keys(values)), ", "))
		}
		paths = append(paths, p.Path)
	}
	return paths, nil
}

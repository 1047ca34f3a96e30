package engine

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// By hand: what an operation, or two at once, spend where something stands still.
func TestStandstillByHand(t *testing.T) {
	const ms = milli
	to := func(node string) design.Target { return design.Target{Node: node, Entry: "do"} }
	calls := design.Step{Op: design.Call, To: to("b")}
	hit := func(kind design.FaultKind, node string, from, during time.Duration) design.Fault {
		return design.Fault{Name: fmt.Sprint(node, from), Kind: kind, Node: node, At: from, For: constant(during), HasFor: true}
	}
	// one operation from 0 on, over links of 1 ms, to a, which may call b
	of := func(n int, a, b design.Service, faults ...design.Fault) *design.Design {
		return &design.Design{
			Loads: []design.Load{at("l", to("a"), make([]time.Duration, n)...)}, Services: []design.Service{a, b},
			Faults: faults, Default: design.LinkParams{Latency: draw.Const(.001)},
		}
	}
	crash := func(s design.Service, what design.CrashPolicy) design.Service {
		s.Crash = what
		return s
	}
	a, b := service("a", work(2*ms), calls), service("b", work(5*ms))
	way := func(n time.Duration, more map[string]time.Duration) map[string]time.Duration {
		more["network l->a"], more["network a->l"] = n*ms, n*ms
		return more
	}
	through := func(more map[string]time.Duration) map[string]time.Duration {
		more["work a"], more["network a->b"], more["network b->a"] = 2*ms, ms, ms
		return way(1, more)
	}
	for _, c := range []struct {
		name string
		d    *design.Design
		want map[string]time.Duration
	}{
		// b works from 4 ms on, is down from 6 to 16, and has 3 ms left, or 5 where it begins again.
		{"resumed", of(1, a, crash(b, design.CrashResume), hit(design.FaultCrash, "b", 6*ms, 10*ms)),
			through(map[string]time.Duration{"work b": 5 * ms, "down b": 10 * ms})},
		{"restarted", of(1, a, crash(b, design.CrashRestart), hit(design.FaultCrash, "b", 6*ms, 10*ms)),
			through(map[string]time.Duration{"work b": 7 * ms, "down b": 10 * ms})},
		// Paused from 5 to 9, down from 6 to 8.
		{"two at once", of(1, a, crash(b, design.CrashResume), hit(design.FaultCrash, "b", 6*ms, 2*ms), hit(design.FaultPause, "b", 5*ms, 4*ms)),
			through(map[string]time.Duration{"work b": 5 * ms, "down b": 2 * ms, "paused b": 2 * ms})},
		// The answer of b is at a at 10 ms, and a is up at 25.
		{"an answer to who is down", of(1, crash(a, design.CrashResume), b, hit(design.FaultCrash, "a", 5*ms, 20*ms)),
			through(map[string]time.Duration{"work b": 5 * ms, "down a": 15 * ms})},
		// The attempt of 4 ms ends at 7, a is up at 15, and the else of 1 ms answers.
		{"a timeout of who is down", of(1, crash(service("a", work(2*ms), design.Step{Op: design.Call, To: to("b"), Timeout: 4 * ms, HasElse: true, Else: []design.Step{work(ms)}}), design.CrashResume), b, hit(design.FaultCrash, "a", 5*ms, 10*ms)),
			way(1, map[string]time.Duration{"work a": 3 * ms, "blocked a/do->b/do": 4 * ms, "down a": 8 * ms})},
		// The delay from 1 to 11 ms goes on while a is down from 2 to 5; its end waits from 11 to 18.
		{"a delay of who is down", of(1, crash(service("a", wait(10*ms)), design.CrashResume), b, hit(design.FaultCrash, "a", 2*ms, 3*ms), hit(design.FaultCrash, "a", 10*ms, 8*ms)),
			way(1, map[string]time.Duration{"delay a": 10 * ms, "down a": 7 * ms})},
		// Who stands in line, from 1 ms on, is kept, who is at work is lost.
		{"a kept line", of(2, crash(service("a", work(2*ms)), design.CrashKeep), b, hit(design.FaultCrash, "a", 2*ms, 5*ms)),
			way(1, map[string]time.Duration{"work a": 2 * ms, "worker a": ms, "down a": 5 * ms})},
		// Each works 2 ms; from 2 to 7 ms nothing proceeds, for the second in line neither.
		{"a pause", of(2, service("a", work(2*ms)), b, hit(design.FaultPause, "a", 2*ms, 5*ms)),
			way(2, map[string]time.Duration{"work a": 4 * ms, "worker a": 2 * ms, "paused a": 10 * ms})},
		{"a hang, after which what it had goes on", of(2, crash(service("a", work(2*ms)), design.CrashResume), b, hit(design.FaultHang, "a", 2*ms, 5*ms)),
			way(2, map[string]time.Duration{"work a": 4 * ms, "worker a": 2 * ms, "hung a": 10 * ms})},
		// From 2 to 3 ms it works at half of its speed: half a millisecond more for both.
		{"slow", of(2, service("a", work(2*ms)), b, func() design.Fault {
			f := hit(design.FaultSlow, "a", 2*ms, ms)
			f.Factor = 2
			return f
		}()), way(2, map[string]time.Duration{"work a": 9 * ms / 2, "worker a": 5 * ms / 2})},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := spentOn(t, c.d); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("spent %v, want %v", got, c.want)
			}
		})
	}
}

// A durable queue whose broker is down from 3 to 13 ms: the first message is at work, and the
// second waits for that, and then for its consumer, which tries to connect again.
func TestStandstillOfABroker(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0)
	l.Confirm = []design.Target{{Node: "b", Entry: "eat"}}
	s := eater("b", design.Consume{Prefetch: 1}, work(30*milli))
	d := &design.Design{
		Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: bus(design.Queue{Durable: true}),
		Faults: []design.Fault{crashed("bus", 3*milli, 10*milli)}, Default: design.LinkParams{Latency: draw.Const(.001)},
	}
	got := spentOn(t, d)
	if got["down bus/q"] != 10*milli || got["work b"] != 60*milli || got["queue bus/q"] < 20*milli {
		t.Errorf("spent %v", got)
	}
}

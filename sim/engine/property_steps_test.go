package engine

import (
	"fmt"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/failover"

	"pgregory.net/rapid"
)

// stores draws the tables of a service.
func (g *designer) stores() []design.Store {
	s := design.Store{
		Name: "t", States: []string{"new", "mid", "end"}, Counters: []string{"n"},
		Key:   rapid.SampledFrom([]string{"", "items", "kind", design.OperationKey}).Draw(g.t, "store key"),
		Lives: design.Lives(rapid.IntRange(0, 2).Draw(g.t, "lives")),
		Lease: rapid.SampledFrom([]time.Duration{0, 50 * time.Millisecond, design.None}).Draw(g.t, "lease"),
	}
	if g.chance("machine", 0.5) {
		s.Allow = []design.Transition{{From: "new", To: []string{"mid"}}, {From: "mid", To: []string{"end"}}, {From: "end", To: []string{"new", "mid"}}}
		s.Otherwise = design.Otherwise(rapid.IntRange(0, 2).Draw(g.t, "otherwise"))
		s.Parked, s.Patience = rapid.IntRange(1, 5).Draw(g.t, "most parked"), rapid.SampledFrom([]time.Duration{30 * time.Millisecond, 0, design.None}).Draw(g.t, "parked for")
	}
	if g.chance("rows go", 0.3) {
		s.TTL = g.ms("row ttl", 300)
	}
	if g.chance("few rows", 0.3) {
		s.Rows = rapid.IntRange(1, 4).Draw(g.t, "rows")
	}
	if g.chance("slow store", 0.4) {
		s.Latency = g.dist("store latency")
		s.Slots = rapid.IntRange(0, 2).Draw(g.t, "store slots")
	}
	return []design.Store{s}
}

// storeStep draws a step at the store of its service.
func (g *designer) storeStep(name string) design.Step {
	s := design.Step{Store: "t", Op: rapid.SampledFrom([]design.StepOp{design.Read, design.Set, design.Set, design.Count, design.Forget, design.LockRow, design.LockRow, design.Unlock}).Draw(g.t, name+" store step")}
	switch s.Op {
	case design.Set:
		s.State = rapid.SampledFrom([]string{"", "new", "mid", "end"}).Draw(g.t, name+" to")
		if g.chance(name+" from", 0.3) {
			s.From = []string{"new", "end"}
		}
		s.Fresh = g.chance(name+" fresh", 0.2)
		s.HasElse = g.chance(name+" else", 0.4)
	case design.Count:
		s.Counter, s.Add = "n", float64(rapid.IntRange(-2, 5).Draw(g.t, name+" add"))
		if g.chance(name+" by", 0.3) {
			s.By = rapid.SampledFrom([]string{"items", "batch"}).Draw(g.t, name+" times")
		}
	case design.LockRow:
		s.Patience = rapid.SampledFrom([]time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond, design.None}).Draw(g.t, name+" patience")
		s.NoWait = s.Patience == 0
		s.Keep, s.HasElse = g.chance(name+" keep", 0.3), g.chance(name+" else", 0.4)
	}
	return s
}

// sets draws what a message carries on top of the attributes of its operation.
func (g *designer) sets(name string) (all []design.Assign) {
	if g.chance(name+" sets kind", 0.2) {
		all = append(all, design.Assign{Name: "kind", Word: rapid.SampledFrom([]string{"a", "c", "d"}).Draw(g.t, name+" kind set")})
	}
	if g.chance(name+" sets items", 0.1) {
		all = append(all, design.Assign{Name: "items", Value: float64(rapid.IntRange(0, 2).Draw(g.t, name+" items set"))})
	}
	if g.chance(name+" copies", 0.1) {
		all = append(all, rapid.SampledFrom([]design.Assign{{Name: "whole", From: "items"}, {Name: "other", From: "kind"}, {Name: "rows", From: "batch"}}).Draw(g.t, name+" copy"))
	}
	return all
}

// steps draws the steps of a handler of the i-th of n services; depth bounds nesting.
func (g *designer) steps(i, n, depth int) []design.Step {
	var out []design.Step
	for k := range rapid.IntRange(1, 3).Draw(g.t, "steps") {
		name := fmt.Sprintf("s%d.%d.%d", i, depth, k)
		kind := rapid.IntRange(0, 17).Draw(g.t, name)
		forward := i+1 < n
		switch {
		case kind <= 2:
			out = append(out, design.Step{Op: design.Work, Dist: g.dist(name + " work")})
		case kind == 3 && forward, kind == 4 && forward:
			s := design.Step{Op: design.Call, To: g.handler(name, i, n), Timeout: g.ms(name+" timeout", 200), Retry: g.retry(name + " retry"), Cancel: g.chance(name+" cancel", 0.3)}
			s.Uses = g.uses(name, true, s.Retry.Attempts > 1)
			if i+2 < n && g.chance(name+" failover", 0.4) {
				s.Uses = append(s.Uses, design.Use{Of: failover.Mechanism, Settings: g.failover(name, i, n, s.To)})
			}
			if kind == 4 {
				s.Op = design.Await
			}
			s.Sets = g.sets(name)
			s.Untraced = g.chance(name+" untraced", 0.2)
			if g.chance(name+" else", 0.3) {
				s.HasElse = true
			}
			out = append(out, s)
		case kind == 5 && forward:
			s := design.Step{Op: design.Publish, To: g.entry(name), Confirm: g.chance(name+" confirm", 0.3), Timeout: 100 * time.Millisecond}
			s.Post = g.post(name, s.To, s.Confirm)
			if s.Confirm {
				s.Uses = g.uses(name, false, false)
			}
			if s.Confirm && s.Post == (design.Post{}) && g.chance(name+" failover", 0.3) {
				s.Uses = append(s.Uses, design.Use{Of: failover.Mechanism, Settings: g.elsewhere(name, i, s.To)})
			} else {
				s.Gather = g.gather(name)
			}
			s.Sets = g.sets(name)
			s.Untraced = g.chance(name+" untraced", 0.2)
			out = append(out, s)
		case kind == 6:
			out = append(out, design.Step{Op: design.Fail, Prob: 0.1, HasProb: true})
		case kind == 7 && depth < 2:
			b := [][]design.Step{g.steps(i, n, depth+1), g.steps(i, n, depth+1)}
			s := design.Step{Op: design.Parallel, Branches: b, Need: rapid.IntRange(0, 2).Draw(g.t, name+" need"), HasElse: g.chance(name+" else", 0.3)}
			if forward && g.chance(name+" awaits", 0.3) { // only waiting: without the worker
				a := design.Step{Op: design.Await, To: g.handler(name, i, n), Timeout: g.ms(name+" timeout", 200)}
				s.Branches = [][]design.Step{{a}, {a, {Op: design.Delay, Dist: g.dist(name + " then")}}}
			}
			out = append(out, s)
		case kind == 8 && depth < 2:
			out = append(out, design.Step{Op: design.Choose, Branches: [][]design.Step{g.steps(i, n, depth+1)}, Weights: []float64{0.5}})
			if s := &out[len(out)-1]; g.chance(name+" conditions", 0.3) {
				s.Weights, s.Whens = nil, []design.Condition{g.condition(name + " first")}
				s.Branches, s.Rest = append(s.Branches, []design.Step{{Op: design.Work, Dist: g.dist(name + " rest")}}), true
			}
		case kind == 9 && depth < 2:
			out = append(out, design.Step{Op: design.Repeat, Count: rapid.IntRange(0, 3).Draw(g.t, name+" count"), Branches: [][]design.Step{g.steps(i, n, depth+1)}})
			if g.chance(name+" while", 0.3) {
				out[len(out)-1].While = g.condition(name + " while")
			}
		case kind == 10:
			early := design.Step{Op: rapid.SampledFrom([]design.StepOp{design.Reply, design.AckNow}).Draw(g.t, name+" early")}
			if early.Op == design.Reply {
				early.Sets = g.sets(name + " answer")
			}
			out = append(out, early)
		case kind == 11:
			out = append(out, design.Step{Op: design.Choose, Branches: [][]design.Step{{{Op: design.Nack, Requeue: g.chance(name+" requeue", 0.5)}}}, Weights: []float64{0.1}})
		case kind >= 13:
			out = append(out, g.storeStep(name))
		default:
			out = append(out, design.Step{Op: design.Delay, Dist: g.dist(name + " delay")})
		}
	}
	for k := range out {
		name := fmt.Sprintf("s%d.%d.%d", i, depth, k)
		if out[k].When.IsZero() && g.chance(name+" when", 0.1) {
			out[k].When = g.condition(name)
			if g.chance(name+" when stored", 0.3) {
				out[k].When, _ = design.ParseCondition(rapid.SampledFrom([]string{"t == new", "t.n > 2 or not t", "t.version < 3 and kind != b"}).Draw(g.t, name+" stored"))
			}
		}
		switch s := &out[k]; s.Op {
		case design.Work, design.Call, design.Await, design.Send, design.Publish, design.Reply:
			if g.chance(name+" by", 0.2) {
				s.By = rapid.SampledFrom([]string{"items", "batch"}).Draw(g.t, name+" times")
			}
		}
	}
	return out
}

package engine

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/failover"

	"pgregory.net/rapid"
)

// What a change makes anew is what compiling the whole design would make, and
// what it was made of stays as it was.
func TestAdaptIsCompile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		first, err := Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		r, err := first.NewRun(Config{Duration: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		before, tables := fmt.Sprintf("%+v", *d), printed(first)
		var live []string
		for _, x := range design.Params(d) {
			if x.Live {
				live = append(live, x.Path)
			}
		}
		for range 3 {
			path, value := rapid.SampledFrom(live).Draw(t, "path"), rapid.SampledFrom([]string{"2", "3s", "25%", "unlimited", "none", "7/s", "3kB"}).Draw(t, "value")
			e := d.Clone()
			if e.Set(path, value) != nil {
				continue
			}
			r.become([]string{path}, func() { err = r.design.Set(path, value) })
			if err != nil {
				t.Fatal(err)
			}
			places := make([]int32, len(r.prog.services)) // which are never given up
			for i := range places {
				places[i] = r.prog.services[i].instances
			}
			now := compileFor(e, places)
			now.mortal = now.mortal || r.prog.mortal // what has a time to live of its own keeps it
			for i := range now.queues {
				now.queues[i].mortal = now.queues[i].mortal || r.prog.queues[i].mortal
			}
			got, want := printed(&r.prog), printed(now)
			for i, x := range got {
				name := reflect.TypeFor[Program]().Field(i).Name
				if name == "parts" && reflect.DeepEqual(r.prog.parts, now.parts) {
					continue // which print where their settings are, not what
				}
				if y := want[i]; x != y {
					t.Fatalf("%s = %s: %s is\n%s\nwant\n%s", path, value, name, x, y)
				}
			}
			d = e
		}
		for i, x := range printed(first) {
			if x != tables[i] {
				t.Fatalf("%s of the program is\n%s\nand was\n%s", reflect.TypeFor[Program]().Field(i).Name, x, tables[i])
			}
		}
		if after := fmt.Sprintf("%+v", *first.design); after != before {
			t.Fatalf("the design was\n%s\nand is\n%s", before, after)
		}
	})
}

// A change before the first event leaves a connection of a constant delay what it is:
// nothing is in transit that later messages would have to stay behind.
func TestChangeBeforeTheFirstEvent(t *testing.T) {
	d := &design.Design{
		Loads:    []design.Load{{Name: "l", To: design.Target{Node: "b", Entry: "q"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 5}}},
		Services: []design.Service{{Name: "s", Handlers: []design.Handler{{Name: "h"}}, Consumes: []design.Consume{{From: design.Target{Node: "b", Entry: "q"}, Handler: "h"}}}},
		Brokers:  []design.Broker{{Name: "b", Queues: []design.Queue{{Name: "q"}}}},
	}
	d.Default.Latency = draw.Const(0.018)
	first, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := first.NewRun(Config{Duration: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	r.become([]string{"link.default.down"}, func() { err = r.design.Set("link.default.down", "25%") })
	if err != nil || !reflect.DeepEqual(r.prog.wires, first.wires) || first.wires[0].constant != 18_000_000 {
		t.Errorf("%v: wires are\n%v\nand were\n%v", err, r.prog.wires, first.wires)
	}
}

// A change of a step leaves the draws of its further targets what they were.
func TestChangeKeepsDrawsOfTargets(t *testing.T) {
	to := func(node string) design.Target { return design.Target{Node: node, Entry: "h"} }
	caller := func(name string) design.Service {
		call := design.Step{Op: design.Call, To: to("s"), Uses: design.Uses{{Of: failover.Mechanism, Settings: &failover.Settings{To: []design.Target{to("t")}}}}}
		return design.Service{Name: name, Handlers: []design.Handler{{Name: "h", Steps: []design.Step{call}}}}
	}
	d := &design.Design{
		Loads:    []design.Load{{Name: "l", To: to("a"), Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 5}}, {Name: "m", To: to("b"), Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 5}}},
		Services: []design.Service{caller("a"), caller("b"), {Name: "s", Handlers: []design.Handler{{Name: "h"}}}, {Name: "t", Handlers: []design.Handler{{Name: "h"}}}},
	}
	first, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := first.NewRun(Config{Duration: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	const path = "service.b.on.h.call:s/h.timeout"
	r.become([]string{path}, func() { err = r.design.Set(path, "3s") })
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.prog.sites {
		if now, was := r.prog.sites[i].salt, first.sites[i].salt; now != was {
			t.Errorf("the salt of site %d is %d, and was %d", i, now, was)
		}
	}
}

// printed are the tables of a program.
func printed(p *Program) (all []string) {
	v := reflect.ValueOf(*p)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name == "names" || name == "design" {
			all = append(all, "")
			continue
		}
		all = append(all, fmt.Sprintf("%+v", v.Field(i)))
	}
	return all
}

// A change costs what it changes: 5,000 on 1,500 services, each of which would
// take several milliseconds to compile them all.
func TestManyChangesOfManyServices(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s0", Entry: "do"}, 0)}}
	for i := range 1500 {
		d.Services = append(d.Services, service(fmt.Sprintf("s%d", i), work(milli), calling(fmt.Sprintf("s%d", (i+1)%1500))))
	}
	last := &d.Services[1499].Handlers[0]
	last.Steps = last.Steps[:1]
	var changes []design.Change
	for i := range 5000 {
		changes = append(changes, design.Change{At: time.Duration(i) * milli, Path: fmt.Sprintf("service.s%d.workers", i%1500), Value: fmt.Sprint(1 + i%7)})
	}
	r := start(t, d, Config{Duration: 6 * time.Second, Changes: changes})
	r.Advance(never, 0)
	wants{"load.l.accepted": 1, "service.s7.busy.max": 1}.check(t, r)
	if got, _ := r.Design().Get("service.s7.workers"); got != "7" { // by the change numbered 4507
		t.Errorf("s7 has %s workers", got)
	}
}

// A reply whose size is set while the run goes on has a stream of draws from the
// beginning, which every run of the program has: its sizes are those of a run that
// began with it.
func TestReplySizeIsSetLive(t *testing.T) {
	s := service("s", work(milli), design.Step{Op: design.Reply}, work(milli))
	l := at("l", design.Target{Node: "s", Entry: "do"}, 0)
	l.Arrivals = design.Arrivals{Kind: design.Regular, Rate: 100}
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}}
	bytes := func(live bool) float64 {
		const path, value = "service.s.on.do.reply", "exp(5kB)"
		e := d.Clone()
		if !live {
			if err := e.Set(path, value); err != nil {
				t.Fatal(err)
			}
		}
		r := start(t, e, Config{Duration: 10 * time.Second, Seed: 3})
		if live {
			if err := r.Set(path, value); err != nil {
				t.Fatal(err)
			}
		}
		r.Advance(never, 0)
		return metricOf(t, r, "link.s->l.bytes")
	}
	live, before := bytes(true), bytes(false)
	if n := 1000.; live != before || before < 4*n*1000 || before > 6*n*1000 { // of 5 kB
		t.Errorf("%v bytes where the size is set live, %v where it is set before", live, before)
	}
}

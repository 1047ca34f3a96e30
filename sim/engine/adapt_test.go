package engine

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"

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
		before := fmt.Sprintf("%+v", *d)
		p := *first
		var live []string
		for _, x := range design.Params(d) {
			if x.Live && !strings.HasPrefix(x.Path, "queue.") {
				live = append(live, x.Path)
			}
		}
		for range 3 {
			path, value := rapid.SampledFrom(live).Draw(t, "path"), rapid.SampledFrom([]string{"2", "3s", "25%", "unlimited", "none", "7/s"}).Draw(t, "value")
			e, err := d.With(path, value)
			if err != nil {
				continue
			}
			p = p.adapt(e, path).Program
			q := *compile(e)
			q.names, q.design = p.names, p.design
			a, b := reflect.ValueOf(p), reflect.ValueOf(q)
			for i := range a.NumField() {
				if a.Type().Field(i).Name == "parts" && reflect.DeepEqual(p.parts, q.parts) {
					continue // which print where their settings are, not what
				}
				if x, y := fmt.Sprintf("%+v", a.Field(i)), fmt.Sprintf("%+v", b.Field(i)); x != y {
					t.Fatalf("%s = %s: %s is\n%s\nwant\n%s", path, value, a.Type().Field(i).Name, x, y)
				}
			}
			d = e
		}
		if after := fmt.Sprintf("%+v", *first.design); after != before {
			t.Fatalf("the design was\n%s\nand is\n%s", before, after)
		}
	})
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

package model

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/draw"
)

func mm1() *Design {
	return &Design{
		Name:  "mm1",
		Loads: []Load{{Name: "customers", To: Target{"desk", "serve"}, Arrivals: Arrivals{Kind: Poisson, Rate: 0.8}, Deadline: None, Timeout: None}},
		Services: []Service{{Name: "desk", Workers: 1, Room: Unlimited, HasRoom: true,
			Handlers: []Handler{{Name: "serve", Steps: []Step{{Op: Work, Dist: draw.Must(draw.ExpDist(1))}}}}}},
	}
}

func TestSmoke(t *testing.T) {
	p, err := Compile(mm1())
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(Config{Completions: 200000, Warmup: 1000 * time.Second, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	r.Advance(never, 0)
	fmt.Println(time.Since(t0), r.End(), r.Events(), r.Now())
	for _, v := range r.Values() {
		fmt.Println(v.Name, v.Value)
	}
}

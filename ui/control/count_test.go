package control

import (
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
)

// Whatever the moment, what the panel counts since the warm-up is a part of what it is of. An
// operation is counted where it arrived, so that never more have ended than have arrived. A
// task is counted where it happens: more may have ended than have begun since, but by no more
// than were at work when the warm-up was over, and more have begun than have come by no more
// than waited then.
func TestCompletedIsNotAboveStarted(t *testing.T) {
	compared := 0
	for _, e := range scenarios.Library() {
		s := open(t, e.Name, Options{}, 0)
		warmup := s.sc.Run.WarmupOf(s.Length())
		if strings.Contains(e.Name, "bench/") || warmup <= 0 {
			continue
		}
		for !s.Advance(warmup, 200_000) && s.Events() < 400_000 {
		}
		var f Frame
		s.Fill(&f)
		begun, waited := map[string]float64{}, map[string]float64{}
		for i, x := range f.Lanes[0].Nodes {
			id := "service." + s.Scenes()[0].Graph.Nodes[i].ID + "."
			begun[id], waited[id] = float64(x.Busy+x.Awaits), float64(x.Waiting)
		}
		for _, after := range []time.Duration{0, 10 * time.Millisecond, 300 * time.Millisecond, 2 * time.Second} {
			for !s.Advance(warmup+after, 200_000) && s.Events() < 400_000 {
			}
			n := map[string]float64{}
			for _, v := range s.Board(nil, nil, 0, "").Lanes[0].Values {
				n[v.Name] = v.Value
			}
			for name, v := range n {
				base, stat := name[:strings.LastIndexByte(name, '.')+1], name[strings.LastIndexByte(name, '.')+1:]
				whole, parts := 0.0, 0.0
				switch {
				case stat == "started":
					whole, parts = v+begun[base], n[base+"completed"]+n[base+"failed"]
				case stat == "arrived":
					whole, parts = v+waited[base], n[base+"started"]
				case stat == "offered":
					whole, parts = v, n[base+"completed"]+n[base+"failed"]
				default:
					continue
				}
				compared++
				if parts > whole {
					t.Errorf("%s, %v after the warm-up: %s is %v, and of it %v", e.Name, after, name, whole, parts)
				}
			}
		}
	}
	if compared < 150 {
		t.Errorf("only %d were compared", compared)
	}
}

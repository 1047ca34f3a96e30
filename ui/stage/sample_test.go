package stage

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// scene is a design of a library scenario.
func scene(t testing.TB, scenario, design string) *control.Scene {
	t.Helper()
	s, err := scenarios.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	if design == "" {
		return arranged(t, sim.Graph(s.Designs[0]))
	}
	return arranged(t, sim.Graph(s.Design(design)))
}

func arranged(t testing.TB, g topology.Graph) *control.Scene {
	t.Helper()
	l, err := topology.Arrange(g, topology.Options{NodeGap: 46})
	if err != nil {
		t.Fatal(err)
	}
	return &control.Scene{Design: "sample", Graph: g, Layout: l}
}

// sample is a lane where everything happens somewhere, with so many messages.
func sample(sc *control.Scene, dots int) *control.Lane {
	l := &control.Lane{Moving: dots}
	service := 0
	for _, n := range sc.Graph.Nodes {
		var st control.NodeState
		switch n.Kind {
		case topology.Client:
			st.Open = 1234
		case topology.Service:
			st = control.NodeState{Health: control.Health(service % 6), Ills: 1 << (service % 6), Workers: 4 + 6*service, Room: 100, Waiting: 30 * service}
			st.Busy = st.Workers * 3 / 4
			st.Blocked = st.Workers / 3
			if service%4 == 3 {
				st.Room, st.Workers = -1, -1
			}
			service++
		case topology.Queue, topology.Subscription:
			st = control.NodeState{Waiting: 57, Room: 120, Unacked: 3}
			if len(l.Nodes)%2 == 0 {
				st.Waiting = 120
			}
		case topology.Broker, topology.Topic:
		}
		l.Nodes = append(l.Nodes, st)
	}
	for i := range sc.Graph.Edges {
		st := control.LinkState{Rate: float64(i * i * 40)}
		switch i % 5 {
		case 2:
			st.Loss = 0.05
		case 4:
			st.Cut = control.CutThere | control.CutBack
		}
		l.Links = append(l.Links, st)
	}
	for i := range dots {
		e := i % len(sc.Graph.Edges)
		l.Dots = append(l.Dots, control.Dot{Op: uint64(i/3 + 1), Msg: uint64(i + 1), Edge: int32(e),
			T: float32((i*37)%100) / 100, Mark: messageMark(i)})
	}
	for k, mark := range record.TroubleMarks() {
		l.Sparks = append(l.Sparks,
			control.Spark{Edge: int32(int(k) % len(sc.Graph.Edges)), Node: -1, T: 0.6, Age: float32(k) / 5, Mark: mark})
	}
	l.Sparks = append(l.Sparks, control.Spark{Edge: -1, Node: 1, Age: 0.3, Mark: record.MarkFailed})
	return l
}

// shown is a stage of a size with a scene, in a window of its own.
func shown(t testing.TB, sc *control.Scene, w, h float32) *Stage {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(palette.NewTheme(palette.Light))
	s := New()
	win := test.NewWindow(s)
	t.Cleanup(win.Close)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	s.SetScene(sc)
	return s
}

// messageMark is one of the marks of messages, in turn.
func messageMark(i int) record.Mark {
	all := record.MessageMarks()
	return all[i%len(all)]
}

package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/mech/scale"
	"asynclab/sim/metric"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// witness follows every message from its sending to its end.
type witness struct {
	t       *rapid.T
	r       *Run
	travels map[uint64]Record // sent, not yet there
	ops     map[uint64]bool
	clock   int64
	counts  [numRecords]int
}

func (w *witness) Observe(x Record) {
	w.counts[x.Kind]++
	if x.Time < w.clock {
		w.t.Fatalf("%+v comes after %d ns", x, w.clock)
	}
	w.clock = x.Time
	if most := len(w.r.prog.queues) + len(w.r.prog.topics); x.Queue < none || int(x.Queue) >= most || x.To < none || int(x.To) >= w.r.prog.nodes {
		w.t.Fatalf("%+v names what is not there", x)
	}
	if x.Kind == OpArrived {
		w.ops[x.Op] = true
	} else if x.Op != 0 && !w.ops[x.Op] {
		w.t.Fatalf("%+v comes before its operation", x)
	}
	switch sent, known := w.travels[x.Msg]; x.Kind {
	case MsgSent, MsgDuplicated:
		if known || x.Arrives < x.Time {
			w.t.Fatalf("%+v after %+v", x, sent)
		}
		w.travels[x.Msg] = x
	case MsgLost:
		if !known || sent.Time != x.Time || sent.Arrives != x.Arrives {
			w.t.Fatalf("%+v after %+v", x, sent)
		}
		delete(w.travels, x.Msg)
	case MsgArrived, MsgCorrupted:
		if !known || sent.Arrives != x.Time || sent.Node != x.Node || sent.To != x.To || sent.Queue != x.Queue || sent.Message != x.Message {
			w.t.Fatalf("%+v after %+v", x, sent)
		}
		delete(w.travels, x.Msg)
	}
}

// Every message is seen to leave and to arrive when it was said to, whether it
// was a message, a copy or handed over; and watching changes nothing.
func TestObserverSeesEveryMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: 2 * time.Second, Seed: 11, MaxEvents: 100_000}
		unseen := mustRun(t, d, cfg)
		unseen.Advance(never, 0)
		r := mustRun(t, d, cfg)
		w := &witness{t: t, r: r, travels: map[uint64]Record{}, ops: map[uint64]bool{}}
		r.SetObserver(w)
		r.Advance(never, 0)
		same(t, "the run that was watched", r, unseen)
		for _, x := range w.travels {
			if x.Arrives < r.Now() {
				t.Fatalf("%+v never arrived", x)
			}
		}
		// The answer to a pull is sent once, and seen as the deliveries that it brings;
		// so are messages that are gathered.
		if sent := linksSent(r); !r.prog.fetches && len(r.gathers) == 0 && (w.counts[MsgSent] > sent || w.counts[MsgSent]+r.msgs.live() < sent) {
			t.Fatalf("%d messages were seen, %d were sent and %d are in flight", w.counts[MsgSent], sent, r.msgs.live())
		}
		offered := 0
		for i := range r.prog.loads {
			offered += int(r.loads[i].seq)
		}
		if w.counts[OpArrived] != offered {
			t.Fatalf("%d operations were seen to arrive, %d did", w.counts[OpArrived], offered)
		}
	})
}

func linksSent(r *Run) int {
	n := 0
	for i := range r.prog.links {
		n += int(r.rec.Total(r.prog.links[i].m.c + metric.LinkSent))
	}
	return n
}

// What Look tells is what the design and the metrics say.
func TestLook(t *testing.T) {
	d := flow3()
	d.Services[0].Instances = 2
	d.Faults = []design.Fault{
		{Name: "down", Kind: design.FaultCrash, Node: d.Services[0].Name, Instance: 2, At: time.Second},
		{Name: "slow", Kind: design.FaultSlow, Node: d.Services[0].Name, Factor: 3, At: time.Second},
		{Name: "cut", Kind: design.FaultCut, Cut: []design.Cut{{From: d.Loads[0].Name, To: "*"}}, At: 2 * time.Second},
	}
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.NewRun(Config{Duration: 10 * time.Second, Warmup: 5 * time.Second, Seed: 1})
	r.Advance(2500e6, 0)
	var s Snapshot
	r.Snapshot(&s)
	if len(s.Loads) != len(d.Loads) || len(s.Services) != len(d.Services) || len(s.Brokers) != len(d.Brokers) || len(s.Queues) != len(p.Queues()) || len(s.Links) != len(p.Links()) {
		t.Fatalf("%+v does not fit the design", s)
	}
	if got := s.Services[0]; got.Instances != 2 || got.Down != 1 || got.Slow != 3 || got.Workers != 2*max(1, d.Services[0].Workers) {
		t.Errorf("service: %+v", got)
	}
	sent := uint64(0)
	for i, ends := range p.Links() {
		if cut := ends[0] == d.Loads[0].Name; s.Links[i].Cut != cut {
			t.Errorf("%v: cut is %v", ends, s.Links[i].Cut)
		}
		sent += s.Links[i].Sent
	}
	if sent == 0 {
		t.Error("nothing was sent during the warm-up")
	}
	if n := testing.AllocsPerRun(10, func() { r.Snapshot(&s) }); n > 0 {
		t.Errorf("looking again allocates %v times", n)
	}
}

// Instances that a scaler has not started are not there, and not down.
func TestLookAtScaled(t *testing.T) {
	d := flow3()
	d.Services[0].Uses = append(d.Services[0].Uses, design.Use{Of: scale.Mechanism, Settings: &scale.Settings{Min: 1, Max: 4, Interval: time.Second, Utilization: 0.6}})
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.NewRun(Config{Duration: 10 * time.Second, Seed: 1})
	r.Advance(0, 0)
	var s Snapshot
	r.Snapshot(&s)
	if got := s.Services[0]; got.Down != 0 || got.Instances == 0 || got.Instances >= int(p.services[0].instances) {
		t.Errorf("of %d instances: %+v", p.services[0].instances, got)
	}
}

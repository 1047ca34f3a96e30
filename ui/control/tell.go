package control

import (
	"cmp"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
	"asynclab/sim/warning"
)

// Board is the state to be read now: the series and distributions requested,
// and the numbers of an element ("" for none) of a lane.
func (s *Session) Board(curves, bars []string, lane int, element string) *Board {
	b := &Board{
		Now: s.Now(), Length: s.Length(), Warmup: s.lanes[0].cfg.Warmup, Changes: s.Changes(),
		CanUndo: len(s.undo) > 0, CanRedo: len(s.redo) > 0,
	}
	for i, l := range s.lanes {
		b.Lanes = append(b.Lanes, l.board(curves, bars))
		s.warn(l, &b.Lanes[i])
		b.Fingerprints = append(b.Fingerprints, l.run.Fingerprint())
	}
	b.Marks, b.Leaps = s.common(s.marks()), slices.Clone(s.leaps)
	b.Log = s.log()
	if element != "" && lane >= 0 && lane < len(s.lanes) {
		b.Chosen = Chosen{lane, element, s.readings(s.lanes[lane], b.Lanes[lane].Values, element), s.Params(lane, element)}
	}
	return b
}

// warn adds the warnings about the design of a lane and, once it has ended, its run.
// A number with few samples has its own place in the table.
func (s *Session) warn(l *lane, b *LaneBoard) {
	all := slices.Clone(l.warnings)
	if s.now >= s.length {
		all = append(all, l.run.Warnings()...)
	}
	all = slices.DeleteFunc(all, func(w warning.Warning) bool { return w.Kind.OfNumber() })
	warning.ByWeight(all)
	b.Warnings, b.Silenced = warning.Loud(all, s.sc.Silence)
}

func (l *lane) board(curves, bars []string) LaneBoard {
	p := &l.watch.picks
	b := LaneBoard{
		Curves: map[string]measure.Series{}, Bars: map[string][]measure.Bin{},
		Values: l.run.Values(),
		Picks:  Picks{p.slowest.op, p.lost.op, p.duplicated.op, p.failed.op, p.dead.op, p.last.op},
	}
	for _, name := range curves {
		if series, ok := l.run.Series(name); ok {
			b.Curves[name] = series
		}
	}
	for _, name := range bars {
		if bins, ok := l.run.Distribution(name); ok {
			b.Bars[name] = bins
		}
	}
	for i, f := range l.run.Faults() {
		b.Fault = append(b.Fault, FaultState{l.fault(i, &f), f.Active, f.ByHand})
	}
	if len(b.Fault) > 0 {
		b.Episodes, _ = l.run.Episodes()
	}
	return b
}

// fault is the i-th fault of a run, under the name that it has there.
func (l *lane) fault(i int, now *engine.FaultNow) design.Fault {
	var f design.Fault
	if i < len(l.given.Faults) {
		f = l.given.Faults[i]
	} else if byHand, err := design.ParseFault(now.Text); err == nil {
		f = byHand
	}
	f.Name = now.Name
	return f
}

// marks are the faults of all lanes.
func (s *Session) marks() (all []Mark) {
	for i, l := range s.lanes {
		all = append(all, l.marks(i, s.now, s.length)...)
	}
	return all
}

// marks are the faults of a lane: past ones, and future ones whose time is
// known.
func (l *lane) marks(lane int, now, length int64) []Mark {
	var all []Mark
	known := l.faults
	last := map[int32]int{} // index of a fault's last mark
	for _, f := range l.watch.faults {
		if f.began && int(f.fault) < len(known) {
			last[f.fault] = len(all)
			m := Mark{Lane: lane, Name: known[f.fault].Name, From: time.Duration(f.time), To: time.Duration(length)}
			if int(f.fault) < len(l.given.Faults) {
				m = l.announced(&l.given.Faults[f.fault], lane, m.From, length)
			}
			m.ByHand = known[f.fault].ByHand
			all = append(all, m)
		} else if i, ok := last[f.fault]; ok && !f.began {
			all[i].To = time.Duration(f.time)
		}
	}
	for i := range l.given.Faults {
		f := &l.given.Faults[i]
		if f.HasEvery || f.When != "" || f.At == 0 && f.Period == 0 && now > 0 {
			continue
		}
		for n, from := 0, f.At; n < 1_000 && int64(from) < length; n, from = n+1, from+f.Period {
			if j, ok := last[int32(i)]; !ok || all[j].From < from {
				all = append(all, l.announced(f, lane, from, length))
			}
			if f.Period == 0 {
				break
			}
		}
	}
	for i := range l.given.Loads {
		all = surges(all, lane, &l.given.Loads[i], length)
	}
	for i := range all {
		all[i].Planned = int64(all[i].From) > now
	}
	return all
}

// announced is a future fault; its end is known if its duration is constant.
func (l *lane) announced(f *design.Fault, lane int, from time.Duration, length int64) Mark {
	m := Mark{Lane: lane, Name: f.Name, From: from, To: time.Duration(length)}
	if f.HasFor && f.For.IsConstant() {
		m.To = min(from+time.Duration(f.For.Mean()*1e9), m.To)
	}
	return m
}

// common joins the marks that are the same in every lane.
func (s *Session) common(marks []Mark) []Mark {
	n := len(s.lanes)
	seen := map[Mark]int{}
	for _, m := range marks {
		m.Lane = -1
		seen[m]++
	}
	var all []Mark
	for _, m := range marks {
		c := m
		c.Lane = -1
		switch {
		case n == 1 || seen[c] < n:
			if n == 1 {
				m.Lane = -1
			}
			all = append(all, m)
		case m.Lane == 0:
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Mark) int { return cmp.Compare(a.From, b.From) })
	return all
}

package control

import (
	"asynclab/sim/engine"
	"math"
	"slices"
)

// logLines is the number of lines of the log in a Board; older lines that are
// not ordinary are included in addition.
const logLines = 1_000

// line is the position of an entry of the log.
type line struct {
	lane int
	r    *engine.Record
}

// log is the last lines of all lanes, ordered by time.
func (s *Session) log() []Entry {
	all := make([]*ring[engine.Record], len(s.lanes))
	notable := make([]*ring[engine.Record], len(s.lanes))
	for i, l := range s.lanes {
		all[i], notable[i] = &l.watch.log, &l.watch.notable
	}
	lines := newest(nil, all, logLines, math.MaxInt64)
	first := int64(math.MaxInt64)
	if n := len(lines); n > 0 {
		first = lines[n-1].r.Time
	}
	lines = newest(lines, notable, keptNotable, first)
	entries := make([]Entry, 0, len(lines))
	for _, x := range slices.Backward(lines) {
		entries = append(entries, s.lanes[x.lane].entry(x.lane, x.r))
	}
	return entries
}

// newest appends the newest lines from before a time, the newest first.
func newest(lines []line, rings []*ring[engine.Record], most int, before int64) []line {
	var next [MaxLanes]int
	for i, r := range rings {
		next[i] = r.len() - 1
		for next[i] >= 0 && r.at(next[i]).Time >= before {
			next[i]--
		}
	}
	for range most {
		last := -1
		for i, r := range rings {
			if next[i] >= 0 && (last < 0 || r.at(next[i]).Time >= rings[last].at(next[last]).Time) {
				last = i
			}
		}
		if last < 0 {
			break
		}
		lines = append(lines, line{last, rings[last].at(next[last])})
		next[last]--
	}
	return lines
}

func (l *lane) entry(lane int, r *engine.Record) Entry {
	e := Entry{Lane: lane, Entry: l.watch.ways.named(r)}
	if r.Kind == engine.FaultBegan || r.Kind == engine.FaultEnded {
		if int(r.Instance) < len(l.faults) {
			e.FaultName = l.faults[r.Instance].Name
		}
	}
	return e
}

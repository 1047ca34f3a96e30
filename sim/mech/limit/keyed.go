package limit

import (
	"cmp"
	"math"

	"asynclab/sim/kernel"
	"asynclab/sim/mech"
)

// Buckets by key. A bucket is the moment at which it is full again, to which each attempt
// adds 1/rate (the generic cell rate algorithm, ITU-T I.371). It says when the token of an
// attempt that comes now is there, so that whoever waits needs no line:
//
//	full at   now                    now + 2/rate
//	           │── 1/rate ──│── 1/rate ──│        burst 1: the next one goes at now + 2/rate
//
// A bucket that is full again is as good as none, and goes when it is the one that was
// used longest ago.

const defaultKeys = 10_000

func (s *Settings) keys() int { return cmp.Or(s.Keys, defaultKeys) }

// period is the time from one token to the next, ns.
func (s *Settings) period() float64 { return 1e9 / s.Rate }

// The words of a bucket: whole nanoseconds, and the bits of the part of one.
const (
	fullAt = iota
	fraction
)

// owed is how long it takes until a bucket is full, ns.
func owed(w []int64, now int64) float64 {
	return max(0, float64(w[fullAt]-now)+math.Float64frombits(uint64(w[fraction])))
}

func owe(w []int64, now int64, ns float64) {
	whole := math.Floor(ns)
	w[fullAt], w[fraction] = now+int64(whole), int64(math.Float64bits(ns-whole))
}

// rounding is less than a nanosecond, and more than what is lost when sums of periods are
// rounded.
const rounding = 1e-3

func mayKeyed(c *mech.Cell, s *Settings) mech.Verdict {
	key, period := c.Host.Key(), s.period()
	before := 0.0 // what the bucket owes
	t := c.Host.Table(0)
	row := t.Find(key)
	if row != kernel.NoRow {
		before = owed(t.Words(row), c.Now)
	}
	delay := before - float64(float64(s.burst()-1)*period)
	if delay > rounding {
		ns := int64(math.Ceil(delay - rounding))
		if s.Wait == 0 || c.Hurry || s.Wait > 0 && ns > int64(s.Wait) || s.Line > 0 && delay > float64(float64(s.Line)*period)+rounding {
			c.Host.Count(limited)
			if s.After {
				c.After = ns
			}
			return mech.Refuse(0)
		}
		c.Patience = ns
	}
	if row == kernel.NoRow {
		s.makeRoom(c, t)
		row, _ = t.Add(key)
		c.Host.Level(buckets, 1)
	}
	owe(t.Words(row), c.Now, before+period)
	t.Last(row)
	if c.Patience > 0 {
		return mech.Delay
	}
	return mech.Go
}

// makeRoom forgets buckets that are full, at most two, or the one that was used longest
// ago.
func (s *Settings) makeRoom(c *mech.Cell, t *kernel.Table) {
	for range 2 {
		row := t.First()
		if row == kernel.NoRow || owed(t.Words(row), c.Now) > 0 {
			break
		}
		t.Remove(row)
		c.Host.Level(buckets, -1)
	}
	if t.Len() >= s.keys() {
		t.Remove(t.First())
		c.Host.Level(buckets, -1)
		c.Host.Count(evictions)
	}
}

// changedKeyed keeps the tokens that are missing. Who waits keeps its time.
func changedKeyed(c *mech.Cell, old, s *Settings) {
	if old.Rate == s.Rate {
		return
	}
	t := c.Host.Table(0)
	for row := t.First(); row != kernel.NoRow; row = t.Next(row) {
		w := t.Words(row)
		owe(w, c.Now, owed(w, c.Now)*old.Rate/s.Rate)
	}
}

func reset(c *mech.Cell) { c.Host.Level(buckets, -int64(c.Host.Table(0).Len())) }

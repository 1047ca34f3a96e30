package breaker

import "cmp"

// The window: of the last calls, two bits each, or of a time, in ten equal parts that
// are counted from the run's beginning.
const (
	callsAWord = 32
	parts      = 10
	partWords  = 3 // calls, failures, slow calls
)

// add counts a call in the window.
func (s *Settings) add(w []int64, now int64, failed, slow bool) {
	switch {
	case s.Calls > 0:
		s.addCall(w, failed, slow)
	case s.Span > 0:
		s.pass(w, now)
		p := w[window+w[head]%parts*partWords:]
		p[0], p[1], p[2] = p[0]+1, p[1]+one(failed), p[2]+one(slow)
	default:
		return
	}
	w[calls]++
	w[failures] += one(failed)
	w[slows] += one(slow)
}

// addCall puts a call in the place of the oldest.
func (s *Settings) addCall(w []int64, failed, slow bool) {
	i := w[head]
	word, shift := &w[window+i/callsAWord], i%callsAWord*2
	if w[calls] == int64(s.Calls) {
		w[calls]--
		w[failures] -= *word >> shift & 1
		w[slows] -= *word >> (shift + 1) & 1
	}
	*word = *word&^(3<<shift) | (one(failed)|one(slow)<<1)<<shift
	w[head] = (i + 1) % int64(s.Calls)
}

// pass takes the parts out of the window whose time is over.
func (s *Settings) pass(w []int64, now int64) {
	at := now / max(1, int64(s.Span)/parts)
	if at-w[head] >= parts {
		clear(w[window:])
		w[calls], w[failures], w[slows] = 0, 0, 0
		w[head] = at
	}
	for w[head] < at {
		w[head]++
		p := w[window+w[head]%parts*partWords:][:partWords]
		w[calls], w[failures], w[slows] = w[calls]-p[0], w[failures]-p[1], w[slows]-p[2]
		clear(p)
	}
}

// bad reports whether so many calls have been counted, and too many of them are
// failures or slow.
func (s *Settings) bad(w []int64, least int64) bool {
	if n := float64(w[calls]); w[calls] >= max(1, least) {
		return float64(w[failures]) >= n*cmp.Or(s.Rate, 0.5) || s.Slow > 0 && float64(w[slows]) >= n*cmp.Or(s.SlowRate, 1)
	}
	return false
}

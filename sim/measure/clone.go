package measure

import (
	"slices"
	"unsafe"
)

// Clone returns a deep copy: the copy and the original share no memory.
func (r *Recorder) Clone() Recorder {
	c := *r
	c.counters = slices.Clone(r.counters)
	c.levels = slices.Clone(r.levels)
	c.hists = slices.Clone(r.hists)
	c.bins = slices.Clone(r.bins)
	c.seen = slices.Clone(r.seen)
	c.began = slices.Clone(r.began)
	c.outside = slices.Clone(r.outside)
	c.levelPasts = slices.Clone(r.levelPasts)
	c.histPasts = slices.Clone(r.histPasts)
	c.rows.counts = r.rows.counts.clone()
	c.rows.levels = r.rows.levels.clone()
	c.rows.hists = r.rows.hists.clone()
	c.rows.cells = slices.Clone(r.rows.cells)
	c.rows.aside = nil
	c.watched = slices.Clone(r.watched)
	c.past = slices.Clone(r.past)
	return c
}

// Bytes is the approximate memory of the recorder.
func (r *Recorder) Bytes() int {
	return 8*(len(r.counters)+len(r.bins)+len(r.seen)+len(r.began)+len(r.outside)+len(r.past)) + 4*len(r.rows.cells) +
		len(r.levels)*int(unsafe.Sizeof(Level{})) + len(r.hists)*int(unsafe.Sizeof(Hist{})) +
		r.rows.counts.bytes() + r.rows.levels.bytes() + r.rows.hists.bytes()
}

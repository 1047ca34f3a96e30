package engine

import (
	"slices"
	"unsafe"
)

// Segments: how the records of a log are kept.
//
//	segments  [0 1 2 … 255] [256 … 511] [600 617 …]   offsets; what was compacted has gaps
//	start ────────┘                            └── end: the next

const segmentLength = 256 // records

// segment is a stretch of a log. A full one never changes any more, so that the state
// and its checkpoints share it.
type segment struct {
	first   uint64 // offset of its first record
	records []logRecord
	offsets []uint64 // of the records, where some between them are missing
	lids    []uint64 // of the records, if that of one is not its occ
	carried []int32  // their envelopes, if one has any
	keys    []uint64 // of a log that is compacted
}

// logState is a log.
type logState struct {
	segments []*segment
	start    uint64 // of a log that keeps its records: the first of them
	end      uint64 // offset of the next record
	records  int64  // likewise, that are kept
	bytes    int64  // their sizes
	timer    uint64 // likewise, until the oldest has its age
	compact  uint64 // timer: until it is compacted
	sparse   bool   // some segments have gaps
}

// offset is that of a record of a segment.
func (s *segment) offset(i int) uint64 {
	if len(s.offsets) > 0 {
		return s.offsets[i]
	}
	return s.first + uint64(i)
}

// last is the offset of the last record.
func (s *segment) last() uint64 { return s.offset(len(s.records) - 1) }

// seek is the first record at an offset or behind it; there is one.
func (l *logState) seek(offset uint64) (*segment, int) {
	if !l.sparse {
		i := offset - l.segments[0].first
		return l.segments[i/segmentLength], int(i % segmentLength)
	}
	from, to := 0, len(l.segments)-1
	for from < to {
		if mid := (from + to) / 2; l.segments[mid].last() < offset {
			from = mid + 1
		} else {
			to = mid
		}
	}
	s := l.segments[from]
	if len(s.offsets) == 0 {
		return s, int(max(offset, s.first) - s.first)
	}
	i, _ := slices.BinarySearch(s.offsets, offset)
	return s, i
}

// at is the first record at an offset or behind it.
func (l *logState) at(offset uint64) *logRecord {
	s, i := l.seek(offset)
	return &s.records[i]
}

// more is what a record has beside: its lid and its envelope.
func (s *segment) more(i int) (lid uint64, envelope int32) {
	if len(s.lids) > 0 {
		lid = s.lids[i]
	} else {
		lid = s.records[i].occ
	}
	return lid, got(s.carried, int32(i))
}

// open is the segment to which the next record is appended.
func (l *logState) open() *segment {
	if n := len(l.segments); n > 0 && len(l.segments[n-1].records) < segmentLength {
		return l.segments[n-1]
	}
	s := &segment{first: l.end}
	l.segments = append(l.segments, s)
	return s
}

// add appends a record and reports how much memory it took.
func (l *logState) add(rec logRecord, lid uint64, envelope int32) (bytes int) {
	s := l.open()
	before := s.bytes()
	s.add(rec, lid, envelope, l.end)
	l.end++
	return s.bytes() - before
}

// add appends a record to a segment.
func (s *segment) add(rec logRecord, lid uint64, envelope int32, offset uint64) {
	n := len(s.records)
	if offset != s.first+uint64(n) && len(s.offsets) == 0 {
		for i := range n {
			s.offsets = append(s.offsets, s.first+uint64(i))
		}
	}
	if offset != s.first+uint64(n) || len(s.offsets) > 0 {
		s.offsets = append(s.offsets, offset)
	}
	if lid != rec.occ && len(s.lids) == 0 {
		for i := range s.records {
			s.lids = append(s.lids, s.records[i].occ)
		}
	}
	if lid != rec.occ || len(s.lids) > 0 {
		s.lids = append(s.lids, lid)
	}
	if envelope != 0 {
		put(&s.carried, int32(n), envelope)
	}
	s.records = append(s.records, rec)
}

// drop forgets the segments all of whose records are before an offset, and reports how
// much memory they took.
func (l *logState) drop(before uint64) (bytes int) {
	for len(l.segments) > 0 && len(l.segments[0].records) == segmentLength && l.segments[0].last() < before {
		bytes += l.segments[0].bytes()
		l.segments = l.segments[1:]
	}
	return bytes
}

func (s *segment) bytes() int {
	return cap(s.records)*int(unsafe.Sizeof(logRecord{})) + (cap(s.lids)+cap(s.offsets)+cap(s.keys))*8 + cap(s.carried)*4
}

// truncate takes the records from an offset on away, and reports how much more memory the
// log takes then: a negative number.
func (l *logState) truncate(from uint64) (bytes int) {
	for n := len(l.segments) - 1; n >= 0 && l.segments[n].last() >= from; n-- {
		s := l.segments[n]
		bytes -= s.bytes()
		l.segments = l.segments[:n]
		i := 0
		for s.offset(i) < from {
			i++
		}
		if i > 0 { // it may be shared
			s = &segment{s.first, slices.Clone(s.records[:i]), slices.Clone(firstOf(s.offsets, i)), slices.Clone(firstOf(s.lids, i)), slices.Clone(firstOf(s.carried, i)), slices.Clone(firstOf(s.keys, i))}
			bytes += s.bytes()
			l.segments = append(l.segments, s)
		}
	}
	if l.end = from; len(l.segments) > 0 { // the last record is the one before the end
		l.end = max(l.segments[len(l.segments)-1].last()+1, l.start)
	} else { // those before it were compacted
		l.start = l.end
	}
	return bytes
}

// firstOf are the first n of a list, or all of a shorter one.
func firstOf[T any](list []T, n int) []T { return list[:min(n, len(list)):min(n, len(list))] }

// clone shares the segments that are full.
func (l *logState) clone() logState {
	c := *l
	c.segments = slices.Clone(l.segments)
	if n := len(c.segments); n > 0 && len(c.segments[n-1].records) < segmentLength {
		s := c.segments[n-1]
		c.segments[n-1] = &segment{s.first, slices.Clone(s.records), slices.Clone(s.offsets), slices.Clone(s.lids), slices.Clone(s.carried), slices.Clone(s.keys)}
	}
	return c
}

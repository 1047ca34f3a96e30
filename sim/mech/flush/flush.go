// Package flush says when a broker brings to its disk what came to one of its queues.
//
//	messages ──► not flushed ──each, every T, every n──► flush, takes its time ──► on disk
//	                 └── a crash loses them                    └── what comes meanwhile waits for the next
//
// # How to choose
//
// Each message by itself is safe and slow: with group commit, what comes during a flush
// goes with the next one. An interval bounds what a crash costs by its length, and makes a
// publisher that waits for the disk wait half of it on average. A count bounds it by so
// many messages, and lets the last of them wait for others.
package flush

// Policy says when a flush begins. The zero value flushes each message at once.
type Policy struct {
	Every int64 // at the multiples of this many nanoseconds; 0: not by time
	Count int64 // when so many have come; 0: not by number
}

// Never is when a flush begins that waits for more messages.
const Never = -1

// Due is when the next flush begins, where none is under way: of n messages that are not
// flushed, the first of which came at first, at now. What comes at a multiple of the
// interval goes with the flush there, if there is one.
func (p Policy) Due(n, first, now int64) int64 {
	switch {
	case p.Every <= 0 && p.Count <= 0, p.Count > 0 && n >= p.Count:
		return now
	case p.Every > 0:
		return max(now, (first/p.Every+1)*p.Every)
	}
	return Never
}

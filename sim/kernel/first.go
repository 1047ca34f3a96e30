package kernel

// First returns the earliest event without removing it.
func (l *List) First() (e Event, ok bool) {
	if n := len(l.short); n > 0 {
		return l.short[n-1], true
	}
	if len(l.heap) != 0 {
		return l.heap[root], true
	}
	if l.refill() {
		return l.First()
	}
	return Event{}, false
}

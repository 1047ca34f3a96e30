//go:build race || checked

package kernel

// slot is a place in the sorted list, checked; see index.go.
func (l *List) slot(i int) *Event { return &l.short[i] }

// below is slot(i).
func (l *List) below(_ *Event, i int) *Event { return &l.short[i] }

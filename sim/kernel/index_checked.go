//go:build race || checked

package kernel

// slot is the place of an event in the sorted list, checked; see index.go.
func (l *List) slot(i int) *Event { return &l.short[i] }

//go:build !race && !checked

package kernel

import "unsafe"

// slot is a place in the sorted list: not checked. Builds with the tag checked or
// with the race detector check it (index_checked.go).
func (l *List) slot(i int) *Event {
	return (*Event)(unsafe.Add(unsafe.Pointer(&l.short), uintptr(i)*unsafe.Sizeof(Event{})))
}

// below is slot(i), given the one above it.
func (l *List) below(e *Event, i int) *Event {
	return (*Event)(unsafe.Add(unsafe.Pointer(e), -int(unsafe.Sizeof(Event{}))))
}

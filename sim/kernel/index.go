//go:build !race && !checked

package kernel

import "unsafe"

// slot is the place of an event in the sorted list, which has room for it: not
// checked. Builds with the tag checked or with the race detector check it
// (index_checked.go).
func (l *List) slot(i int) *Event {
	return (*Event)(unsafe.Add(unsafe.Pointer(&l.short), uintptr(i)*unsafe.Sizeof(Event{})))
}

//go:build !race && !checked

package engine

import "unsafe"

// nth is s[i] without the check that i is in bounds, which would cost a tenth of
// the engine's speed. Indices in the state and in a program's tables are made by
// the engine itself, never by a file; builds with the tag checked or with
// the race detector, which the tests also run under, check them all
// (index_checked.go). None is negative: an unsigned number needs no instruction that
// extends its sign.
func nth[T any, I ~int | ~int32](s []T, i I) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(s)), uintptr(uint32(i))*unsafe.Sizeof(*new(T))))
}

// spoil does nothing; see index_checked.go.
func spoil[T any](*T) {}

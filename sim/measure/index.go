//go:build !race && !checked

package measure

import "unsafe"

// nth is s[i] without the check that i is in bounds, which would cost a tenth
// of the recorder's speed. Indices come from AddCounter, AddLevel and AddHist
// and never come from a file; builds with the tag checked or with the race
// detector, which the tests also run under, check them all (index_checked.go).
// None is negative: an unsigned number needs no instruction that extends its sign.
func nth[T any, I ~int | ~int32](s []T, i I) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(s)), uintptr(uint32(i))*unsafe.Sizeof(*new(T))))
}

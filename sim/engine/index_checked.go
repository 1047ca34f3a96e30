//go:build race || checked

package engine

import "unsafe"

// nth is s[i], checked; see index.go.
func nth[T any, I ~int | ~int32](s []T, i I) *T { return &s[i] }

// spoil fills a record that is taken again: what its maker does not set and somebody reads
// is then far from right, and the golden runs and the books tell.
func spoil[T any](record *T) {
	for i, bytes := 0, unsafe.Slice((*byte)(unsafe.Pointer(record)), unsafe.Sizeof(*record)); i < len(bytes); i++ {
		bytes[i] = 0xa5
	}
}

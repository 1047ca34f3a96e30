//go:build race || checked

package engine

// nth is s[i], checked; see index.go.
func nth[T any, I ~int | ~int32](s []T, i I) *T { return &s[i] }

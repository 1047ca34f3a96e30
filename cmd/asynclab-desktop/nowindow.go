//go:build !cgo

package main

import (
	"fmt"
	"os"
)

// Without cgo there is no window; all other packages can still be built and
// tested.
func main() {
	fmt.Fprintln(os.Stderr, "asynclab-desktop: built without cgo, so it has no window\n  hint: make desktop installs what the build needs; asynclab does the same in a terminal")
	os.Exit(2)
}

//go:build !cgo

package main

import (
	"fmt"
	"os"
)

// Without a C compiler there is no window; everything else of the lab can be
// built, and tested, all the same.
func main() {
	fmt.Fprintln(os.Stderr, "asynclab-desktop: built without cgo, so it has no window\n  hint: make desktop installs what the build needs; asynclab does the same in a terminal")
	os.Exit(2)
}

//go:build unix

package study

import (
	"os"
	"syscall"
)

// lock claims a file for this process; the claim ends with the process.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

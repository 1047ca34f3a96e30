//go:build linux

package pages

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// After the start, the first piece of the heap is resident.
func TestTheHeapIsResident(t *testing.T) {
	resident := make([]byte, piece/os.Getpagesize())
	if _, _, err := syscall.Syscall(syscall.SYS_MINCORE, begin(), piece, uintptr(unsafe.Pointer(&resident[0]))); err != 0 {
		t.Fatal(err)
	}
	n := 0
	for _, page := range resident {
		n += int(page & 1)
	}
	if n == len(resident) {
		return
	}
	if _, _, err := syscall.Syscall(syscall.SYS_MADVISE, begin(), piece, populate); err != 0 {
		t.Skip("the system has no such call: ", err)
	}
	t.Errorf("%d of %d pages are resident", n, len(resident))
}

//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a new file the owner and group of the old one. If the owner
// cannot be kept, the error is ErrForeign.
func keepOwner(f *os.File, old fs.FileInfo) error {
	was, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	now, ok := info.Sys().(*syscall.Stat_t)
	if !ok || now.Uid == was.Uid && now.Gid == was.Gid {
		return nil
	}
	err = f.Chown(int(was.Uid), int(was.Gid))
	if err != nil && now.Uid != was.Uid {
		return ErrForeign
	}
	return nil // only members of a group may give files to it: the group is not kept
}

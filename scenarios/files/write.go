package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

var (
	// ErrFolder is the error of Write about a folder.
	ErrFolder = errors.New("it is a folder")
	// ErrForeign is the error of Write about a file that would change its owner.
	ErrForeign = errors.New("it belongs to somebody else")
	// ErrNoReader is the error of Write about a named pipe.
	ErrNoReader = errors.New("nobody reads from this pipe")
)

// OpFolder is the Op of the PathError about a folder in which Write cannot create a
// file.
const OpFolder = "write into"

// Write writes a file atomically: after an error, an existing file is unchanged.
// When Write returns without an error, the data is on disk. An existing file keeps
// its mode, a new one gets perm. A symbolic link stays, and its target is replaced.
// A device or a pipe is written directly.
func Write(name string, data []byte, perm fs.FileMode) error {
	place, through, err := target(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(place)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(place, data, perm, nil)
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: name, Err: ErrFolder}
	case through || !info.Mode().IsRegular():
		return writeThrough(place, data)
	}
	// Renaming needs no permission to write the old file, so check that first.
	f, err := os.OpenFile(place, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_ = f.Close() // nothing was written
	return replace(place, data, info.Mode().Perm(), info)
}

// target follows symbolic links, also to a file that does not exist yet. A link
// below /dev or /proc, such as /dev/stdout, may name an open file of this process,
// which cannot be replaced by renaming: through is then true.
func target(name string) (place string, through bool, err error) {
	const most = 40 // as the kernel
	place = name
	for range most {
		info, err := os.Lstat(place)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return place, false, nil // the caller meets the error when it opens the file
		}
		if strings.HasPrefix(place, "/dev/") || strings.HasPrefix(place, "/proc/") {
			return place, true, nil
		}
		to, err := os.Readlink(place)
		if err != nil {
			return "", false, err
		}
		if !filepath.IsAbs(to) {
			// The folder may be a link itself: .. in to is relative to its target.
			dir, err := filepath.EvalSymlinks(filepath.Dir(place))
			if err != nil {
				return "", false, err
			}
			to = filepath.Join(dir, to)
		}
		place = to
	}
	return "", false, &fs.PathError{Op: "write", Path: name, Err: syscall.ELOOP}
}

// writeThrough writes to a pipe or a device. A pipe without a reader is an error:
// waiting for a reader could block for ever.
func writeThrough(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNoReader}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// replace writes a temporary file in the same folder and renames it to name. old is
// the existing file, or nil.
func replace(name string, data []byte, perm fs.FileMode, old fs.FileInfo) error {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, unfinished(name)+strconv.Itoa(os.Getpid())+".")
	if err != nil {
		return &fs.PathError{Op: OpFolder, Path: dir, Err: Reason(err)}
	}
	defer os.Remove(f.Name()) // does nothing once it is renamed
	_, err = f.Write(data)
	if err == nil && old != nil {
		err = keepOwner(f, old)
	}
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return &fs.PathError{Op: "write", Path: name, Err: Reason(err)}
	}
	return syncDir(dir)
}

// syncDir syncs a rename to disk. Windows cannot sync folders, and needs no call.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a folder can be writable but not readable: then it cannot be synced
	}
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && filepath.Separator == '/' && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// unfinished is the prefix of the names of temporary files. The id of the process
// follows, so that Sweep in another process does not remove them.
func unfinished(name string) string {
	base := filepath.Base(name)
	return "." + base[:min(len(base), 200)] + "."
}

// Sweep removes the temporary files for name whose processes have ended.
func Sweep(name string) {
	dir := filepath.Dir(name)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), unfinished(name))
		id, _, _ := strings.Cut(rest, ".")
		pid, err := strconv.Atoi(id)
		if ours && err == nil && e.Type().IsRegular() && gone(pid) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// gone tells whether a process has ended; false if that is unknown.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

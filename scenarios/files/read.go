package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// ErrNotPlain is the error about a folder, a pipe, a socket or a device.
var ErrNotPlain = errors.New("is not a plain file")

// Open opens a plain file of a file system. It checks the type first, because
// opening a pipe without a writer blocks for ever.
func Open(fsys fs.FS, name string) (fs.File, error) {
	if info, err := fs.Stat(fsys, name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrNotPlain}
	}
	return fsys.Open(name)
}

// OpenPath opens a plain file.
func OpenPath(name string) (*os.File, error) {
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrNotPlain}
	}
	return os.Open(name)
}

// Sub is fs.Sub, but its Stat uses that of fsys, which does not open the file.
func Sub(fsys fs.FS, dir string) (fs.FS, error) {
	part, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	return sub{part, fsys, dir}, nil
}

type sub struct {
	fs.FS
	whole fs.FS
	dir   string
}

func (s sub) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	return fs.Stat(s.whole, path.Join(s.dir, name))
}

// Reason returns an error of the file system without its path, for messages that
// have the path already.
func Reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}

// Read reads a plain file of a file system.
func Read(fsys fs.FS, name string) ([]byte, error) {
	f, err := Open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// ReadPath reads a plain file.
func ReadPath(name string) ([]byte, error) {
	f, err := OpenPath(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

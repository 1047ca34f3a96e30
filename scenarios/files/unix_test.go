//go:build unix

package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is no plain file is never waited for when it is read, and written through
// when it is written.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	if _, err := OpenPath(pipe); !errors.Is(err, ErrNotPlain) {
		t.Errorf("opened as data: %v", err)
	}
	part, err := Sub(os.DirFS(filepath.Dir(dir)), filepath.Base(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(part, "pipe"); !errors.Is(err, ErrNotPlain) {
		t.Errorf("opened as data in a part: %v", err)
	}
	if err := Write(pipe, []byte("text"), 0o644); !errors.Is(err, ErrNoReader) {
		t.Errorf("without a reader: %v", err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := Write(pipe, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(reader); err != nil || string(data) != "text" {
		t.Errorf("through the pipe came %q, %v", data, err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v, %v", info.Mode(), err)
	}
	if err := Write("/dev/null", []byte("text"), 0o644); err != nil {
		t.Errorf("a device: %v", err)
	}
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("/dev/null is now %v, %v", info.Mode(), err)
	}
}

// A file keeps its owner, even when the superuser writes it.
func TestOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only the superuser can give files away")
	}
	name := filepath.Join(t.TempDir(), "theirs")
	put(t, name, "old", 0o600)
	if err := os.Chown(name, 12345, 12345); err != nil {
		t.Skip("files cannot be given away here: ", err)
	}
	if err := Write(name, []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if s := info.Sys().(*syscall.Stat_t); s.Uid != 12345 || s.Gid != 12345 || info.Mode() != 0o600 {
		t.Errorf("it is of %d:%d, %v", s.Uid, s.Gid, info.Mode())
	}
	if got := read(t, name); got != "new" {
		t.Errorf("it has %q", got)
	}
}

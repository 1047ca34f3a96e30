package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"asynclab/scenarios"
)

type writer = io.Writer

const maxStdin = 16 << 20

// load reads a scenario: a file, a library scenario, or stdin for "-".
func (a *app) load(name string) (*scenarios.Scenario, error) {
	if name != "-" {
		return scenarios.Load(name)
	}
	data, err := io.ReadAll(io.LimitReader(a.stdin, maxStdin))
	if err != nil {
		return nil, wrongf("", "cannot read stdin: %v", err)
	}
	return scenarios.Parse(nil, "stdin", data)
}

// output writes to stdout, or to a file that appears whole or not at all: it is
// made beside its place and renamed.
func (a *app) output(path string, write func(writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if path == "" || path == "-" {
		_, err := a.stdout.Write(b.Bytes())
		return err
	}
	return writeFile(path, b.Bytes())
}

func writeFile(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return wrongf("name a file in it", "cannot write %s: it is a folder", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return wrongf("", "cannot write %s: %v", path, reason(err))
	}
	defer os.Remove(f.Name()) // does nothing once it is renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644) // a temporary file is private, a report is not
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return wrongf("", "cannot write %s: %v", path, reason(err))
	}
	return nil
}

// reason is an error of the file system without the path, which was said.
func reason(err error) error {
	switch e := err.(type) {
	case *os.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}

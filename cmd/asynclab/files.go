package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"asynclab/scenarios"
	"asynclab/scenarios/files"
)

type writer = io.Writer

const maxStdin = 16 << 20

// interruptible calls a function until it is done or the user interrupts. What it does
// then is abandoned, wherever it is: in a loop, or in a file system that does not answer.
func interruptible[T any](a *app, what string, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-a.Context.Done():
		var none T
		return none, fmt.Errorf("%w while reading %s", errInterrupted, what)
	}
}

var errInterrupted = errors.New("interrupted")

// load reads a scenario: a file, a library scenario, or stdin for "-".
func (a *app) load(name string) (*scenarios.Scenario, error) {
	return interruptible(a, name, func() (*scenarios.Scenario, error) { return a.read(name) })
}

func (a *app) read(name string) (*scenarios.Scenario, error) {
	if name != "-" {
		return scenarios.Load(name)
	}
	data, err := io.ReadAll(io.LimitReader(a.stdin, maxStdin))
	if err != nil {
		return nil, wrongf("", "cannot read stdin: %v", err)
	}
	return scenarios.Parse(nil, "stdin", data)
}

// output writes to stdout, or to a file that appears whole or not at all.
func (a *app) output(path string, write func(writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if path == "" || path == "-" {
		_, err := a.stdout.Write(b.Bytes())
		return err
	}
	return writeFile(path, []byte(escaped(b.String())))
}

func writeFile(path string, data []byte) error {
	err := files.Write(path, data, 0o644)
	if err == nil {
		return nil
	}
	hint := ""
	switch {
	case errors.Is(err, files.ErrFolder):
		hint = "name a file in it"
	case errors.Is(err, files.ErrForeign):
		hint = "name another file"
	case errors.Is(err, files.ErrNoReader):
		hint = "start the program that reads from it first"
	}
	return wrongf(hint, "cannot write %s: %v", path, files.Reason(err))
}

//go:build !unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// become runs a program in the place of this one and returns its exit code. An
// interrupt reaches both; the program decides what it means.
func become(name string, args, env []string) (code int, err error) {
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(name, args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	var ended *exec.ExitError
	if err := cmd.Run(); errors.As(err, &ended) {
		return ended.ExitCode(), nil
	} else if err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

//go:build unix

package main

import "syscall"

// become replaces this process by a program; it returns only after an error.
func become(name string, args, env []string) (code int, err error) {
	return exitFailed, syscall.Exec(name, args, env)
}

//go:build unix

package main

import "syscall"

const canFifo = true

func fifo(name string) error { return syscall.Mkfifo(name, 0o644) }

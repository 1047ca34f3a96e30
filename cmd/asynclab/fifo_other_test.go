//go:build !unix

package main

import "errors"

const canFifo = false

func fifo(string) error { return errors.ErrUnsupported }

package main

import (
	"bytes"
	"io"
	"slices"
)

// harmless are complaints of the toolkit that a person can do nothing about, and need not:
// where no session bus answers, it cannot follow the desktop between light and dark, and
// works on; a file of its own preferences, which this program does not use, is empty when
// the program before was ended while the toolkit wrote it.
var harmless = [][]byte{[]byte("Fyne error:  failed to watch theme settings"), []byte("Fyne error:  Preferences load error:")}

// complaints writes what the toolkit logs, except what is harmless.
type complaints struct {
	to     io.Writer
	silent bool // what follows belongs to a complaint that is left out
}

// Write takes one line of the log, as log.Logger writes it.
func (c *complaints) Write(line []byte) (int, error) {
	switch {
	case slices.ContainsFunc(harmless, func(h []byte) bool { return bytes.Contains(line, h) }):
		c.silent = true
	case !bytes.Contains(line, []byte("  Cause:")) && !bytes.Contains(line, []byte("  At:")):
		c.silent = false
	}
	if c.silent {
		return len(line), nil
	}
	return c.to.Write(line)
}

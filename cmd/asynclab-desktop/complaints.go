package main

import (
	"bytes"
	"io"
)

// complaints writes what the toolkit logs, except one: where no session bus answers, the
// toolkit cannot follow the desktop between light and dark, and works on; a person can do
// nothing about it.
type complaints struct {
	to     io.Writer
	silent bool // what follows belongs to that complaint
}

// Write takes one line of the log, as log.Logger writes it.
func (c *complaints) Write(line []byte) (int, error) {
	switch {
	case bytes.Contains(line, []byte("Fyne error:  failed to watch theme settings")):
		c.silent = true
	case !bytes.Contains(line, []byte("  Cause:")) && !bytes.Contains(line, []byte("  At:")):
		c.silent = false
	}
	if c.silent {
		return len(line), nil
	}
	return c.to.Write(line)
}

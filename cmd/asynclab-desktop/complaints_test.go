package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"testing"

	"fyne.io/fyne/v2"
)

// What is harmless is not shown; all else is.
func TestComplaints(t *testing.T) {
	var out bytes.Buffer
	log.SetOutput(&complaints{to: &out})
	log.SetFlags(0)
	defer log.SetFlags(log.LstdFlags)
	fyne.LogError("failed to watch theme settings", errors.New("dbus-launch is not there"))
	fyne.LogError("Preferences load error:", io.EOF)
	if out.Len() > 0 {
		t.Errorf("shown: %s", out.String())
	}
	fyne.LogError("another", errors.New("why"))
	if got := out.String(); !bytes.Contains(out.Bytes(), []byte("another\n  Cause: why\n  At: ")) {
		t.Errorf("got %q", got)
	}
}

package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() {
	// A run allocates almost nothing after its start, so that a lower limit
	// costs no time and keeps memory close to the live heap. Whatever is over
	// before that needs no collection at all: the first would come at 4 MB, and is
	// a fifth of a short run.
	debug.SetGCPercent(400)
	time.AfterFunc(250*time.Millisecond, func() { debug.SetGCPercent(50) })
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second interrupt kills the program immediately.
	context.AfterFunc(ctx, stop)
	env := Env{Context: ctx, Extras: linked, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	if wide, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		env.Width = wide
	}
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, env))
}

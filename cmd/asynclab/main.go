package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"

	_ "asynclab/cmd/asynclab/pages"
)

func main() {
	// A run allocates almost nothing after its start, so that a lower limit costs no
	// time and keeps memory close to the live heap. Up to 16 MB, which most runs never
	// reach, collecting takes longer (5 ms each time) than it is worth; the first
	// collection comes there, and lowers the limit for those that follow.
	debug.SetGCPercent(400)
	runtime.AddCleanup(new([4]*byte), func(percent int) { debug.SetGCPercent(percent) }, 50)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second interrupt kills the program immediately.
	context.AfterFunc(ctx, stop)
	env := Env{Context: ctx, Extras: linked, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	if wide, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		env.Width = wide
	}
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, env))
}

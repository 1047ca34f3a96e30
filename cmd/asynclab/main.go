package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

func main() {
	// A run allocates next to nothing once it is under way: collecting often
	// costs nothing, and memory stays at what is in use.
	debug.SetGCPercent(50)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second interrupt kills the program immediately.
	context.AfterFunc(ctx, stop)
	env := Env{Context: ctx, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	if wide, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		env.Width = wide
	}
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, env))
}

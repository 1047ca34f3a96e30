package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second interrupt ends the program at once.
	context.AfterFunc(ctx, stop)
	env := Env{Context: ctx, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, env))
}

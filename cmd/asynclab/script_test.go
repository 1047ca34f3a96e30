package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	run := func(args []string, p *extras) int { return Main(args, os.Stdin, os.Stdout, os.Stderr, Env{Extras: p}) }
	testscript.Main(m, map[string]func(){
		"asynclab":       func() { os.Exit(run(os.Args[1:], nil)) },
		"asynclab-study": func() { os.Exit(run(os.Args[1:], both)) },
		// exits CODE asynclab … succeeds if it ends with this code; it is the second program, which does everything itself.
		"exits": func() {
			want, _ := strconv.Atoi(os.Args[1])
			if got := run(os.Args[3:], both); got != want {
				fmt.Fprintf(os.Stderr, "exits: code %d, want %d\n", got, want)
				os.Exit(1)
			}
		},
		// fifo NAME makes a named pipe.
		"fifo": func() {
			if err := fifo(os.Args[1]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		},
		// mode NAME OCTAL succeeds if a file has these permissions.
		"mode": func() {
			info, err := os.Stat(os.Args[1])
			if err != nil || fmt.Sprintf("%o", info.Mode().Perm()) != os.Args[2] {
				fmt.Fprintln(os.Stderr, "mode:", info.Mode(), err)
				os.Exit(1)
			}
		},
		// sameresult A B succeeds if two results in JSON differ in nothing but
		// the wall clock.
		"sameresult": func() {
			var texts [2]string
			for i := range texts {
				data, err := os.ReadFile(os.Args[i+1])
				if err != nil {
					panic(err)
				}
				for line := range strings.Lines(string(data)) {
					if !strings.Contains(line, `"wall_seconds"`) && !strings.Contains(line, `"events_per_second"`) {
						texts[i] += line
					}
				}
			}
			if texts[0] != texts[1] || texts[0] == "" {
				fmt.Fprintln(os.Stderr, "the results differ")
				os.Exit(1)
			}
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", UpdateScripts: os.Getenv("UPDATE") != "",
		Condition: func(cond string) (bool, error) {
			if cond != "fifo" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return canFifo, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// alone leaves one program on PATH, the first.
			"alone": func(ts *testscript.TestScript, _ bool, _ []string) {
				dir := ts.MkAbs("alone")
				for _, from := range filepath.SplitList(ts.Getenv("PATH")) {
					if data, err := os.ReadFile(filepath.Join(from, "asynclab")); err == nil {
						ts.Check(os.MkdirAll(dir, 0o755))
						ts.Check(os.WriteFile(filepath.Join(dir, "asynclab"), data, 0o755))
						ts.Setenv("PATH", dir)
						return
					}
				}
				ts.Fatalf("no asynclab on PATH")
			},
		}})
}

func TestGreeting(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main(nil, nil, &out, &errs, Env{}); code != 0 || errs.Len() > 0 {
		t.Errorf("code %d, stderr %q", code, errs.String())
	}
	lines := strings.Split(out.String(), "\n")
	if !strings.Contains(out.String(), "\n    asynclab run order-flow\n") || len(lines) > 24 {
		t.Errorf("greeting of %d lines:\n%s", len(lines), out.String())
	}
	for _, l := range lines {
		if len(l) > 80 {
			t.Errorf("a line of %d characters: %s", len(l), l)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	code := Main([]string{"run", "-"}, bytes.NewReader([]byte(tiny)), &out, &errs, Env{Context: ctx})
	if code != exitInterrupted || !strings.Contains(errs.String(), "asynclab: interrupted") {
		t.Errorf("code %d, stderr %q, stdout %q", code, errs.String(), out.String())
	}
}

// endless is a file that never ends, and whose user interrupts.
type endless struct{ interrupt func() }

func (e endless) Read([]byte) (int, error) {
	e.interrupt()
	select {}
}

// One interrupt is enough while a file is read, even if the reading hangs.
func TestInterruptedWhileReading(t *testing.T) {
	for _, args := range [][]string{{"validate", "-"}, {"run", "-"}, {"params", "-"}, {"show", "-"}, {"metrics", "-"}} {
		ctx, cancel := context.WithCancel(context.Background())
		var out, errs bytes.Buffer
		code := Main(args, endless{cancel}, &out, &errs, Env{Context: ctx})
		if code != exitInterrupted || errs.String() != "asynclab: interrupted while reading -\n" || out.Len() > 0 {
			t.Errorf("%v: code %d, stderr %q, stdout %q", args, code, errs.String(), out.String())
		}
	}
}

const tiny = `version: 1
name: tiny
run: {duration: 10s}
load: {users: {to: shop/buy, arrivals: poisson(10/s)}}
services: {shop: {workers: 2, on: {buy: [work: exp(10ms)]}}}
expect: ["load.users.offered > 0"]
`

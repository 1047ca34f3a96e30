//go:build unix

package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var guard = flag.Bool("guard", false, "measure the speed of bench/* against loops written by hand; nothing else should run")

// guardFile has the ratios that were reached. They are only ever raised, or
// lowered in a commit that says why.
const guardFile = "testdata/guard.ratios"

// of what is written there the median of nine pairs may lose a fifth: the
// machines are shared. This finds what no noise explains; make ratio is for the rest.
const (
	guardPairs = 9
	guardLeast = 0.8
)

// TestGuard holds the speed of the program as it is built, with all measurement
// and its start, to that of a loop written by hand for the same model: completions
// a second of processor time, as a ratio.
func TestGuard(t *testing.T) {
	if !*guard {
		t.Skip("make guard runs it, alone")
	}
	program := filepath.Join(t.TempDir(), "asynclab")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	total := time.Duration(0)
	for _, want := range guarded(t) {
		loop := func() float64 {
			_, took := runByHand(t, want.name, 2*want.n)
			total += took
			return float64(2*want.n) / took.Seconds()
		}
		ours := func() float64 {
			took := runProgram(t, program, want.name, want.n)
			total += took
			return float64(want.n) / took.Seconds()
		}
		loop()
		ours()
		var ratios, of, hands []float64
		for i := range guardPairs {
			var a, b float64
			if i%2 == 0 {
				a, b = ours(), loop()
			} else {
				b, a = loop(), ours()
			}
			ratios, of, hands = append(ratios, a/b), append(of, a), append(hands, b)
		}
		slices.Sort(ratios)
		got := ratios[guardPairs/2]
		text := fmt.Sprintf("%s: %.3f of a loop by hand (%.3f to %.3f in %d pairs), %.2f and %.2f million a second of processor time; %.3f was reached",
			want.name, got, ratios[0], ratios[guardPairs-1], guardPairs, median(of)/1e6, median(hands)/1e6, want.ratio)
		if got < guardLeast*want.ratio {
			t.Errorf("%s: too slow by far", text)
		} else {
			t.Log(text)
		}
	}
	t.Logf("%.0f s of processor time in all", total.Seconds())
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

type guardLine struct {
	name  string
	n     int // completions
	ratio float64
}

func guarded(t *testing.T) (all []guardLine) {
	f, err := os.Open(guardFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		if strings.HasPrefix(in.Text(), "#") {
			continue
		}
		var l guardLine
		if _, err := fmt.Sscan(in.Text(), &l.name, &l.n, &l.ratio); err != nil || byHand[l.name] == nil {
			t.Fatalf("%s: %q: %v", guardFile, in.Text(), err)
		}
		all = append(all, l)
	}
	return all
}

// runProgram is the processor time of the whole process.
func runProgram(t *testing.T, program, name string, n int) time.Duration {
	c := exec.Command(program, "run", name, "--completions", fmt.Sprint(n), "--duration", "200d", "--quiet")
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	out, err := c.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 1) { // 1: an expectation was not met
		t.Fatalf("%v\n%s", err, out)
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

func runByHand(t *testing.T, name string, n int) (mean float64, took time.Duration) {
	h := &hand{random: rand.New(rand.NewPCG(1, 2))}
	from := processorTime(t)
	byHand[name](h, n)
	return h.sum / float64(h.done), processorTime(t) - from
}

func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The loops are the models of bench/*: their means are those that the scenarios expect.
func TestByHand(t *testing.T) {
	for name, want := range map[string]float64{"bench/mm1": 5, "bench/sync-chain": 21, "bench/broker-flow": 3 + 17/0.99} {
		if got, _ := runByHand(t, name, 400_000); got < 0.95*want || got > 1.05*want {
			t.Errorf("%s: mean %.3f, want %.3f", name, got, want)
		}
	}
}

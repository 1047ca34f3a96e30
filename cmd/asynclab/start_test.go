package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// lineVar makes the test's own program run a command line and tell on stderr what it has
// taken since it was started.
const lineVar = "ASYNCLAB_LINE"

// taken is what a command line takes, in a process of its own: kB and objects that were
// allocated, and kB that were resident at most, 0 where the system does not tell.
func taken(t *testing.T, stdin string, line ...string) (kB, objects, resident int) {
	t.Helper()
	if of := os.Getenv(lineVar); of != "" {
		Main(strings.Fields(of), os.Stdin, io.Discard, io.Discard, Env{})
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		status, _ := os.ReadFile("/proc/self/status")
		peak := append(regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(status), nil, []byte("0"))[1]
		fmt.Fprintf(os.Stderr, "%d %d %s0\n", m.TotalAlloc>>10, m.Mallocs, peak)
		os.Exit(0)
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(own, "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), lineVar+"="+strings.Join(line, " "))
	cmd.Stdin = strings.NewReader(stdin)
	said := &strings.Builder{}
	cmd.Stderr = said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	words := strings.Fields(said.String())
	if len(words) != 3 {
		t.Fatal(said)
	}
	for i, to := range []*int{&kB, &objects, &resident} {
		*to, _ = strconv.Atoi(words[i])
	}
	resident /= 10 // the nought behind it makes it a number in any case
	t.Logf("%s: %d kB in %d objects, %d kB resident", strings.Join(line, " "), kB, objects, resident)
	return kB, objects, resident
}

// Most of a short run is pages that its memory touches for the first time: what a start
// allocates is bounded, by a tenth more than it takes.
func TestStartAllocatesLittle(t *testing.T) {
	kB, objects, _ := taken(t, "", "run", "bench/mm1", "--completions", "100", "--quiet", "--format", "json")
	if kB > 3300 || objects > 19000 || kB == 0 {
		t.Errorf("a short run allocates %d kB in %d objects; 3,300 and 19,000 are its bounds", kB, objects)
	}
}

const waiting = `version: 1
name: waiting
run: {duration: 1h, seed: 1}
load: {l: {to: %s, arrivals: constant(1000/s), count: %d, deadline: none, timeout: none, confirm: s/do}}
services: {s: {workers: 1, queue: unlimited, consumes: {bus/q: do}, on: {do: [work: 10h]}}}
brokers: {bus: {queues: {q: {max_length: unlimited}}}}
`

// A million operations take 400 to 403 MB in a waiting room, about what they should, and
// no more than these bounds for each. This is a quarter of them, beyond a thousand: a
// store that has grown has small ones behind it, which count for more here.
func TestMemoryOfWhatWaits(t *testing.T) {
	if testing.Short() {
		t.Skip("it is large")
	}
	const many = 240_000 // a store grows at 244,140: until the old one is given back, both are resident
	for to, most := range map[string]int{"s/do": 425, "bus/q": 510} {
		_, _, small := taken(t, fmt.Sprintf(waiting, to, 1000), "run", "-", "--quiet", "--duration", "1000s")
		_, _, large := taken(t, fmt.Sprintf(waiting, to, many), "run", "-", "--quiet", "--duration", "1000s")
		if large == 0 {
			t.Skip("the system does not tell how much is resident")
		}
		if each := (large - small) << 10 / many; each > most || each < 100 {
			t.Errorf("%s: %d bytes an operation, at most %d", to, each, most)
		}
	}
}

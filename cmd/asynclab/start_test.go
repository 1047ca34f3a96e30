package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// startVar makes the test's own program be a short run that tells what it has allocated
// since it was started, on stderr.
const startVar = "ASYNCLAB_START"

// Most of a short run is pages that its memory touches for the first time: what a start
// allocates is bounded, by a tenth more than it takes.
func TestStartAllocatesLittle(t *testing.T) {
	line := []string{"run", "bench/mm1", "--completions", "100", "--quiet", "--format", "json"}
	if os.Getenv(startVar) != "" {
		var m runtime.MemStats
		Main(line, nil, io.Discard, io.Discard, Env{})
		runtime.ReadMemStats(&m)
		os.Stderr.WriteString(strconv.FormatUint(m.TotalAlloc>>10, 10) + " " + strconv.FormatUint(m.Mallocs, 10) + "\n")
		os.Exit(0)
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(own, "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), startVar+"=1")
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	said := strings.Fields(out.String())
	if len(said) < 2 {
		t.Fatal(out.String())
	}
	kB, _ := strconv.Atoi(said[0])
	objects, _ := strconv.Atoi(said[1])
	t.Logf("%d kB in %d objects", kB, objects)
	if kB > 3300 || objects > 19000 || kB == 0 {
		t.Errorf("a short run allocates %d kB in %d objects; 3,300 and 19,000 are its bounds", kB, objects)
	}
}

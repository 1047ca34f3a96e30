// Package golden compares the output of tests with files. Only tests import it.
//
//	golden.Equal(t, "testdata/broker.svg", out.Bytes())    a text or picture, whole
//	golden.Check(t, "testdata/runs.txt", results, nil)     results by name, to the bit
//
// go test ./sim/topology -update rewrites the files of a package: look at the
// difference before you commit it. A file of results has lines "name = bits",
// sorted by name. Names may come and go with -update; the bits behind a name that
// stays are a result, which only -update -update-bits writes: say in the commit
// which sentence of the semantics they follow.
package golden

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	update     = flag.Bool("update", false, "write the golden files anew")
	updateBits = flag.Bool("update-bits", false, "with -update: also write golden results that have changed under the same name")
)

// Equal compares got with a file, or writes the file with -update.
func Equal(t testing.TB, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got; go test -update writes it anew):\n%s", file, diff)
	}
}

// Bits writes a number exactly, as a hexadecimal float; NaN, whose bits differ
// between processors, is null.
func Bits(x float64) string {
	if math.IsNaN(x) {
		return "null"
	}
	return strconv.FormatFloat(x, 'x', -1, 64)
}

// Check compares results, by name, with those in the file, or writes them with
// -update. If covers is not nil, only the names it covers were run: the others
// in the file stay as they are.
func Check(t testing.TB, file string, got map[string]string, covers func(name string) bool) {
	t.Helper()
	if err := check(file, got, covers, *update, *updateBits); err != nil {
		t.Error(err)
	}
}

func check(file string, got map[string]string, covers func(name string) bool, update, bits bool) error {
	text, err := os.ReadFile(file)
	if err != nil && !(update && os.IsNotExist(err)) {
		return err
	}
	want := parse(string(text))
	all := maps.Clone(got)
	var came, went, changed []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch now, ok := got[name]; {
		case covers != nil && !covers(name):
			all[name] = want[name]
		case !ok:
			went = append(went, name)
		case now != want[name]:
			was, is := differ(want[name], now)
			changed = append(changed, fmt.Sprintf("%s\n\twas %s\n\tis  %s", name, was, is))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			came = append(came, name)
		}
	}
	switch {
	case update && (bits || len(changed) == 0):
		return os.WriteFile(file, []byte(format(all)), 0o644)
	case len(came)+len(went)+len(changed) == 0:
		return nil
	}
	return fmt.Errorf("%s differs%s%s%s\nnew and old names: -update; results that have changed: -update -update-bits, and say why in the commit",
		file, list("new", came), list("gone", went), list("changed", changed))
}

func parse(text string) map[string]string {
	lines := map[string]string{}
	for line := range strings.Lines(text) {
		name, bits, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
		lines[name] = bits
	}
	return lines
}

func format(lines map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(&b, "%s = %s\n", name, lines[name])
	}
	return b.String()
}

// differ returns two different texts; long ones from shortly before the first
// difference.
func differ(a, b string) (was, is string) {
	const before, most = 20, 100
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	from = max(0, from-before)
	part := func(s string) string {
		if len(s) <= most {
			return s
		}
		return fmt.Sprintf("%q from byte %d", s[from:min(from+most, len(s))], from)
	}
	return part(a), part(b)
}

// list names what is new, gone or changed; of a long list only the beginning.
func list(what string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	const most = 20
	s := fmt.Sprintf("\n%s (%d):", what, len(names))
	for _, name := range names[:min(len(names), most)] {
		s += "\n    " + name
	}
	if len(names) > most {
		s += "\n    …"
	}
	return s
}

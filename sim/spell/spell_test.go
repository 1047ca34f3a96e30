package spell

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNearest(t *testing.T) {
	for _, c := range []struct{ word, known, want string }{
		{"workres", "instances workers queue", "workers"}, // a swap is one edit
		{"Workers", "workers", "workers"},
		{"dead_letter", "dead-letter", "dead-letter"},
		{"roundtrip", "round-trip", "round-trip"},
		{"MS", "ns ms", "ms"},
		{"mz", "ns ms", ""}, // two letters have too many neighbours
		{"pya", "pay", "pay"},
		{"pua", "pay", ""},
		{"expo", "exp erlang", "exp"},
		{"crush", "pause crash", "crash"},
		{"service.pay.wrkers", "service.pay.queue service.pay.workers", "service.pay.workers"},
		{"service.inventory.on.reserve.work", "service.inventory.on.release.work", ""}, // reserve, not the long path
		{"load.shopers.rate", "load.shoppers.rate", "load.shoppers.rate"},
		{"负载均横", "负载均衡 队列", "负载均衡"},
		{"abcd", "abce abcf", "abce"}, // the first of several
		{"-", "_", ""},
		{"", "a", ""},
		{strings.Repeat("a", 81), strings.Repeat("a", 80), ""},
		{strings.Repeat("a", 90) + ".b.wrk", strings.Repeat("a", 90) + ".b.work", strings.Repeat("a", 90) + ".b.work"},
	} {
		if got := Nearest(c.word, strings.Fields(c.known)); got != c.want {
			t.Errorf("%s among %s: %q, want %q", c.word, c.known, got, c.want)
		}
	}
}

func TestHint(t *testing.T) {
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf("w%02d", i)
	}
	for _, c := range []struct {
		word  string
		known []string
		want  string
	}{
		{"qeue", []string{"queue", "workers"}, "did you mean queue? keys: queue, workers"},
		{"nothing", []string{"queue", "workers"}, "keys: queue, workers"},
		{"nothing", nil, "there are no keys"},
		{"nothing", many, "keys: " + strings.Join(many[:30], ", ") + ", …"},
	} {
		if got := Hint(c.word, "keys", c.known); got != c.want {
			t.Errorf("%s: %q, want %q", c.word, got, c.want)
		}
	}
}

// The band gives the same number as the whole table.
func TestDistance(t *testing.T) {
	var words [][]rune
	for n := range 6 {
		for v := range 1 << n {
			w := make([]rune, n)
			for i := range w {
				w[i] = 'a' + rune(v>>i&1)
			}
			words = append(words, w)
		}
	}
	for _, a := range words {
		for _, b := range words {
			want := wholeTable(a, b)
			for limit := range maxEdits + 1 {
				if got := distance(a, b, limit); got != min(want, limit+1) {
					t.Fatalf("%s %s within %d: %d, want %d", string(a), string(b), limit, got, want)
				}
			}
		}
	}
}

func wholeTable(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			default:
				d[i][j] = min(d[i-1][j], d[i][j-1], d[i-1][j-1]) + 1
				if a[i-1] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-1][j-1])
				}
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

// However many words are known, and however alike they are, a hint has its price.
func TestNearestIsBounded(t *testing.T) {
	known := make([]string, 200_000)
	for i := range known {
		known[i] = strings.Repeat("ab", 38) + fmt.Sprint(i%100)
	}
	began := time.Now()
	for range 20 {
		Nearest(strings.Repeat("ba", 39), known)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("20 hints took %v", took)
	}
	if n := testing.AllocsPerRun(10, func() { Nearest("workres", known[:100]) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

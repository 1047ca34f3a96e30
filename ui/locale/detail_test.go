package locale

import (
	"testing"
	"unicode"

	"asynclab/scenarios"
	"asynclab/sim"
)

func TestDetail(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	for _, c := range []struct{ line, said string }{
		{"1 worker", "1 个工作线程"},
		{"3 × 64 workers", "3 × 64 个工作线程"},
		{"unlimited workers", "工作线程不限"},
		{"poisson, 50/s", "泊松 50/s"},
		{"regular, profile of 3 segments", "均匀 3 段负载曲线"},
		{"every exp(20ms)", "间隔 exp(20ms)"},
		{"trace of 1 arrival", "1 次到达的记录"},
		{"20 users", "20 个用户"},
		{"think exp(1s)", "思考 exp(1s)"},
		{"at most 10000", "最多 10000"},
		{"ttl 30s", "存活 30s"},
		{"visible after 10s", "10s 后可见"},
		{"1 delivery", "投递 1 次"},
		{"5 deliveries", "投递 5 次"},
		{"something new", "something new"},
	} {
		Use("en")
		if got := Detail(c.line); got != c.line {
			t.Errorf("English: %q became %q", c.line, got)
		}
		Use("zh-Hans")
		if got := Detail(c.line); got != c.said {
			t.Errorf("Chinese: %q became %q, want %q", c.line, got, c.said)
		}
	}
}

// TestLibraryDetails holds that no node of the library keeps an English line.
func TestLibraryDetails(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	Use("zh-Hans")
	seen := 0
	for _, e := range scenarios.Library() {
		sc, err := scenarios.Load(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range sc.Designs {
			for _, n := range sim.Graph(d).Nodes {
				for _, line := range n.Detail {
					seen++
					if !hasHan(Detail(line)) {
						t.Errorf("%s, %s, %s: %q is not translated", e.Name, d.Name, n.ID, line)
					}
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d lines", seen)
	}
}

func hasHan(text string) bool {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

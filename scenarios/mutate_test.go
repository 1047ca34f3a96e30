package scenarios

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var tokens = regexp.MustCompile(`[A-Za-z_][\w-]*|[0-9.]+|[^\sA-Za-z0-9]|\s+`)

// TestMutations puts tokens of the language in the places of others: files that
// are nearly right go deeper than what a fuzzer makes of bytes.
func TestMutations(t *testing.T) {
	sources := []string{string(Template("x")), "version: 1\nname: x\nrun: {duration: 1min}\n" + shared}
	for _, e := range Library() {
		sources = append(sources, string(e.Content))
	}
	for _, name := range []string{"steps", "arrivals", "faults", "links"} {
		data, err := os.ReadFile("testdata/broken/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, string(data))
	}
	var pool []string
	for _, s := range sources {
		pool = append(pool, tokens.FindAllString(s, -1)...)
	}
	for _, o := range core().allObjects() {
		pool = append(pool, o.keys()...)
	}
	pool = append(pool, "null", "{}", "[]", "none", "unlimited", "0", "-1", "1e9", "1e400", ".nan", "exp(1ms)", "\"", "'", "&a", "*a", "!!str", "<<", "|", "->", "<->", "*", "%", "10%", "5/s", "1ms")
	rapid.Check(t, func(rt *rapid.T) {
		parts := tokens.FindAllString(rapid.SampledFrom(sources).Draw(rt, "source"), -1)
		for range rapid.IntRange(1, 6).Draw(rt, "changes") {
			i := rapid.IntRange(0, len(parts)-1).Draw(rt, "where")
			with := rapid.SampledFrom(pool).Draw(rt, "with")
			switch rapid.IntRange(0, 3).Draw(rt, "how") {
			case 0:
				parts[i] = ""
			case 1:
				parts[i] += with
			default:
				parts[i] = with
			}
		}
		hold(t, nil, []byte(strings.Join(parts, "")))
	})
}

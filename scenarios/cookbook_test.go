package scenarios_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
)

var recipeRegexp = regexp.MustCompile("(?s)^([^\n]+)\n.*?\n```yaml\n(.*?)```\n")

// asked are what the cookbook has to have a recipe for.
var asked = []string{"cache", "pool", "lock", "batch", "region", "saga", "outbox", "delayed message", "poison message", "order for each customer", "partitioned topic"}

// Every recipe of the cookbook runs, without a warning, and does what it says.
func TestCookbook(t *testing.T) {
	page, err := os.ReadFile("LANGUAGE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, book, _ := strings.Cut(string(page), "\n## Cookbook\n")
	book, _, _ = strings.Cut(book, "\n## ")
	sections := strings.Split(book, "\n### ")
	for _, what := range asked {
		if !slices.ContainsFunc(sections, func(s string) bool {
			title, _, _ := strings.Cut(s, "\n")
			return regexp.MustCompile(`(?i)\b` + what + `\b`).MatchString(title)
		}) {
			t.Errorf("there is no recipe for a %s", what)
		}
	}
	for _, section := range sections[1:] {
		recipe := recipeRegexp.FindStringSubmatch(section)
		if recipe == nil {
			t.Fatalf("no recipe in %q", section)
		}
		t.Run(recipe[1], func(t *testing.T) {
			t.Parallel()
			text := "version: 1\nname: recipe\nrun: {duration: 1min, warmup: 5s}\n" + recipe[2]
			s, err := scenarios.Parse(nil, "recipe.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Expect) == 0 {
				t.Fatal("it expects nothing")
			}
			for _, w := range s.Warnings {
				t.Error(w)
			}
			settings := sim.Settings{Duration: s.Run.Duration, Warmup: s.Run.WarmupOf(s.Run.Duration), Seed: 1, Parallel: 1}
			for _, e := range s.Expect {
				settings.Expect = append(settings.Expect, e.Parsed)
			}
			r, err := sim.Run(context.Background(), s.Designs, settings, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range r.Expectations {
				if !v.Pass {
					t.Errorf("%s: %s", v.Expect, v.Detail)
				}
			}
		})
	}
}

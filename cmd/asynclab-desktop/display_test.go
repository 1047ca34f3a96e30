package main

import (
	"strings"
	"testing"
)

// Without a display there is one line and the way on, not a panic of the toolkit.
func TestNoDisplay(t *testing.T) {
	for _, c := range []struct {
		system, env, scenario, want string
	}{
		{"linux", "", "", "asynclab run order-flow"},
		{"linux", "", "shop.yaml", "asynclab run shop.yaml"},
		{"linux", "DISPLAY", "", ""},
		{"freebsd", "WAYLAND_DISPLAY", "", ""},
		{"darwin", "", "", ""},
		{"windows", "", "", ""},
	} {
		got := noDisplay(c.system, func(name string) string {
			if name == c.env {
				return ":0"
			}
			return ""
		}, c.scenario)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

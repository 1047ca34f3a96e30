package main

import (
	"errors"
	"strings"
	"testing"
)

// Without a display there is one line and the way on, not a panic of the toolkit.
func TestNoDisplay(t *testing.T) {
	for _, c := range []struct {
		system   string
		env      map[string]string
		answers  string // the address that answers
		scenario string
		want     string // what is said; "" if a window opens
	}{
		{"linux", nil, "", "", "DISPLAY is not set"},
		{"linux", nil, "", "", "asynclab run order-flow"},
		{"linux", nil, "", "shop.yaml", "asynclab run shop.yaml"},
		{"linux", map[string]string{"DISPLAY": ":0"}, "unix /tmp/.X11-unix/X0", "", ""},
		{"linux", map[string]string{"DISPLAY": ":0.1"}, "unix @/tmp/.X11-unix/X0", "", ""},
		{"linux", map[string]string{"DISPLAY": "unix:0"}, "unix /tmp/.X11-unix/X0", "", ""},
		{"linux", map[string]string{"DISPLAY": ":1"}, "tcp localhost:6001", "", ""},
		{"linux", map[string]string{"DISPLAY": ":99"}, "", "", "DISPLAY is :99, which does not answer"},
		{"linux", map[string]string{"DISPLAY": "localhost:10.0"}, "tcp localhost:6010", "", ""},
		{"linux", map[string]string{"DISPLAY": "[::1]:10.0"}, "tcp [::1]:6010", "", ""},
		{"linux", map[string]string{"DISPLAY": "far:0"}, "tcp localhost:6000", "", "DISPLAY is far:0, which does not answer"},
		{"linux", map[string]string{"DISPLAY": "nonsense"}, "", "", "does not answer"},
		{"freebsd", map[string]string{"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/1"}, "unix /run/1/wayland-0", "", ""},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "/w"}, "unix /w", "", ""},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "unix /tmp/.X11-unix/X0", "", ""},
		{"darwin", nil, "", "", ""},
		{"windows", nil, "", "", ""},
	} {
		reach := func(network, address string) error {
			if network+" "+address == c.answers {
				return nil
			}
			return errors.New("refused")
		}
		got := noDisplay(c.system, func(name string) string { return c.env[name] }, reach, c.scenario)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) || strings.Count(got, "\n") > 1 {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

package main

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"
)

// noDisplay is the error message if there is no display to open a window on; "" if
// there is one, or if the environment cannot tell (macOS, Windows). A display that is
// named but does not answer is none: the toolkit would panic.
func noDisplay(system string, getenv func(string) string, reach func(network, address string) error, scenario string) string {
	if system == "darwin" || system == "windows" {
		return ""
	}
	if scenario == "" {
		scenario = "order-flow"
	}
	why := "DISPLAY is not set"
	for _, name := range []string{"WAYLAND_DISPLAY", "DISPLAY"} {
		display := getenv(name)
		if display == "" {
			continue
		}
		for _, a := range addresses(name, display, getenv("XDG_RUNTIME_DIR")) {
			if reach(a[0], a[1]) == nil {
				return ""
			}
		}
		why = name + " is " + display + ", which does not answer"
	}
	return "asynclab-desktop: there is no display here (" + why + "), so no window\n  hint: asynclab run " + scenario + " shows the same in a terminal"
}

// addresses are the sockets, with their networks, at which a display may answer. An X11
// display is [host]:number[.screen]; a Wayland display is a socket in the folder for
// what runs.
func addresses(name, display, running string) [][2]string {
	if name == "WAYLAND_DISPLAY" {
		if !filepath.IsAbs(display) {
			display = filepath.Join(running, display)
		}
		return [][2]string{{"unix", display}}
	}
	if filepath.IsAbs(display) {
		return [][2]string{{"unix", display}}
	}
	at := strings.LastIndexByte(display, ':')
	if at < 0 {
		return nil
	}
	host, text := display[:at], display[at+1:]
	text, _, _ = strings.Cut(text, ".")
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return nil
	}
	if _, local, ok := strings.Cut(host, "/"); ok || host == "unix" {
		host = strings.TrimPrefix(local, "unix")
	}
	var all [][2]string
	if host == "" {
		socket := "/tmp/.X11-unix/X" + strconv.Itoa(number)
		all, host = [][2]string{{"unix", socket}, {"unix", "@" + socket}}, "localhost" // "@": Linux's abstract name
	}
	return append(all, [2]string{"tcp", net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(6000+number))})
}

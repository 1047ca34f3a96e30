package main

// noDisplay is the error message if there is no display to open a window on; "" if
// there is one, or if the environment cannot tell (macOS, Windows).
func noDisplay(system string, getenv func(string) string, scenario string) string {
	if system == "darwin" || system == "windows" || getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" {
		return ""
	}
	if scenario == "" {
		scenario = "order-flow"
	}
	return "asynclab-desktop: there is no display here (DISPLAY is not set), so no window\n  hint: asynclab run " + scenario + " shows the same in a terminal"
}

package main

// noDisplay is what a person reads where there is no display to open a window on;
// "" where there is one, or where that is not known by the surroundings.
func noDisplay(system string, getenv func(string) string, scenario string) string {
	if system == "darwin" || system == "windows" || getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" {
		return ""
	}
	if scenario == "" {
		scenario = "order-flow"
	}
	return "asynclab-desktop: there is no display here (DISPLAY is not set), so no window\n  hint: asynclab run " + scenario + " shows the same in a terminal"
}

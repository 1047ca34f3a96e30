//go:build race

package scenarios_test

// raceEnabled: the race detector makes everything much slower.
const raceEnabled = true

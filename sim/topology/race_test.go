//go:build race

package topology

// raceEnabled: the race detector makes everything about ten times slower.
const raceEnabled = true

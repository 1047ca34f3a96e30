package scenarios

import (
	_ "embed"
	"strings"
)

//go:embed template.yaml
var template string

//go:embed least.yaml
var least string

// Least is a scenario of one load and one service, to build on: the least that runs.
func Least() []byte { return []byte(least) }

// Template is a commented scenario to start from, valid as it is. A name that the
// language does not allow becomes "my-scenario".
func Template(name string) []byte {
	if !validName(name) {
		name = "my-scenario"
	}
	return []byte(strings.ReplaceAll(template, "NAME", name))
}

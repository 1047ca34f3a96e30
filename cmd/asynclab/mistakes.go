package main

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"asynclab/scenarios"
)

// rewordings replaces messages of the parser by plainer ones.
var rewordings = []struct{ from, to string }{
	{`^(--\S+): expected \S+ value but got "EOL" .*$`, "$1 needs a value"},
	{`^(--\S+): expected \S+ value but got "(.*)" \((?:short|long) flag\).*$`, "$1 needs a value, and $2 looks like an option; write $1=$2 if it is meant"},
	{`^(--\S+): expected a valid 64 bit u?int but got "(.*)"$`, "$1 needs a whole number, not $2"},
}

const enumMistake = `^(.*) must be one of (\S+) but got "(.*)"$`

// commandLine explains a mistake in the command line.
func commandLine(err error, args []string) error {
	msg, hint := err.Error(), "asynclab --help shows the commands"
	for _, r := range rewordings {
		msg = regexp.MustCompile(r.from).ReplaceAllString(msg, r.to)
	}
	if m := regexp.MustCompile(enumMistake).FindStringSubmatch(msg); m != nil {
		choices := strings.ReplaceAll(strings.ReplaceAll(m[2], `"`, ""), ",", ", ")
		msg = m[1] + " must be one of " + choices + ", not " + m[3]
	}
	var command *kong.Node
	var pe *kong.ParseError
	if errors.As(err, &pe) && pe.Context != nil {
		command = pe.Context.Selected()
	}
	switch {
	case command != nil && strings.HasPrefix(msg, `expected "<scenario>`):
		msg = command.Name + " needs a scenario: a file, or the name of one that asynclab comes with"
		hint = "such as asynclab " + command.Name + " order-flow; asynclab list shows all"
	case command != nil:
		hint = command.FullPath() + " --help shows what it takes"
	case strings.HasPrefix(msg, "unexpected argument "):
		msg = strings.Replace(msg, "unexpected argument ", "there is no command ", 1)
		if isScenario(args[0]) {
			hint = "did you mean asynclab run " + args[0] + "?"
		}
	}
	return &wrong{msg, hint}
}

// isScenario tells whether a word names a library scenario or a file.
func isScenario(word string) bool {
	if slices.ContainsFunc(scenarios.Library(), func(e scenarios.Entry) bool { return e.Name == word }) {
		return true
	}
	info, err := os.Stat(word)
	return err == nil && info.Mode().IsRegular()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"asynclab/scenarios/study"
	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/report"
)

// The exit codes; other programs rely on them.
const (
	exitOK          = 0
	exitNotMet      = 1
	exitWrong       = 2
	exitFailed      = 3
	exitInterrupted = 130
)

// Env is the environment of the program.
type Env struct {
	Context  context.Context // ends when the user interrupts
	Terminal bool            // stderr is a terminal
	Width    int             // columns of stdout; 0 if it is not a terminal
	Extras   *extras         // of the second program; nil in the first
}

// app is the state that all commands share.
type app struct {
	Env
	stdin          io.Reader
	stdout, stderr io.Writer
	terminal       io.Writer // stderr without escaping, for progress bars
	code           int       // exit code if the command returns no error
	args           []string  // of the command line
	calledAs       string    // study.Build of the program that has handed over; "" if none has
}

// wrong is a mistake in the input or the command line: exit code 2. The hint is
// printed on a line of its own.
type wrong struct {
	msg, hint string
}

func (w *wrong) Error() string { return w.msg }

func wrongf(hint, format string, args ...any) error {
	return &wrong{fmt.Sprintf(format, args...), hint}
}

// cli is the command line.
type cli struct {
	Run        runCmd        `cmd:"" help:"Run every design of a scenario, side by side, and check what is expected."`
	Compare    compareCmd    `cmd:"" help:"Compare the designs of a scenario: differences with intervals, and a verdict in words."`
	Sweep      sweepCmd      `cmd:"" help:"Vary one or two parameters: curves with intervals, knees, and where expectations flip."`
	Worker     workerCmd     `cmd:"" help:"Work on the jobs of sweep, run and compare, over a NATS server."`
	Trace      traceCmd      `cmd:"" help:"Follow one operation: its tree of spans, what each waited for, as text, a picture, or a file for tracing tools."`
	Validate   validateCmd   `cmd:"" help:"Check scenario files without running them."`
	List       listCmd       `cmd:"" help:"List the scenarios that come with asynclab."`
	Show       showCmd       `cmd:"" help:"Draw the designs of a scenario: as text, DOT or SVG."`
	Metrics    metricsCmd    `cmd:"" help:"List the metrics and what they mean."`
	Params     paramsCmd     `cmd:"" help:"List the parameters of a scenario that --set can change."`
	Presets    presetsCmd    `cmd:"" help:"List what known systems do by default, or explain one: every value with its page."`
	New        newCmd        `cmd:"" help:"Write a scenario file to start from."`
	Reference  referenceCmd  `cmd:"" help:"Print the language of scenarios: all of it, or one element, step or key."`
	Schema     schemaCmd     `cmd:"" help:"Print the JSON Schema of scenario files, for editors."`
	Lesson     lessonCmd     `cmd:"" help:"Lessons: list, show, check them, or write a new one."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`
}

const description = `asynclab simulates what happens when services call each other directly, and what happens when they talk ` +
	`through a broker. SCENARIO is a path or the name of a library scenario.

Exit codes: 0 all well; 1 an expectation was not met, or is inconclusive, or with --strict there is a warning; 2 the input or the command line is wrong; ` +
	`3 something failed while running, or a budget ended the run; 130 interrupted.`

// helped is the panic value with which the parser exits after printing help: kong's
// Exit must not return.
type helped struct{ code int }

// newParser makes the parser of a command line: of cli, or of a part of it. It has the
// variables that stand in the tags of c: kong replaces the variables of every flag in
// every variable, which would take longer than all the rest.
func newParser(c any, stdout, stderr io.Writer) (*kong.Kong, error) {
	vars := sweepVars(kong.Vars{"formats": strings.Join(report.Formats(), ", "), "comparisons": strings.Join(report.ComparisonFormats(), ", "), "traces": strings.Join(traceFormats(), ", ")})
	maps.DeleteFunc(vars, func(name, _ string) bool { return !inTags(reflect.TypeOf(c).Elem(), "${"+name+"}") })
	return kong.New(c,
		kong.Name("asynclab"),
		kong.Description(description),
		vars,
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(helped{code}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100, FlagsLast: true}),
	)
}

// inTags tells whether a text stands in a tag of a struct, or of one within it.
func inTags(t reflect.Type, text string) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		if strings.Contains(string(f.Tag), text) || f.Type.Kind() == reflect.Struct && inTags(f.Type, text) {
			return true
		}
	}
	return false
}

// Main runs the command line args and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, env Env) (code int) {
	if env.Context == nil {
		env.Context = context.Background()
	}
	terminal := stderr
	stdout, stderr = visible{Writer: stdout}, visible{Writer: stderr}
	a := &app{Env: env, stdin: stdin, stdout: stdout, stderr: stderr, terminal: terminal, args: args}
	if err := a.takeOver(); err != nil {
		return a.finish(err)
	}
	if len(args) == 0 {
		return a.finish(a.greet())
	}
	args = spellings(args)
	defer func() {
		if p := recover(); p != nil {
			h, ok := p.(helped)
			if !ok {
				panic(p)
			}
			code = h.code
		}
	}()
	if ctx := parseOne(args); ctx != nil {
		return a.finish(ctx.Run(a))
	}
	parser, err := newParser(&cli{}, stdout, stderr)
	if err != nil {
		return a.finish(err)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return a.finish(commandLine(err, args))
	}
	return a.finish(ctx.Run(a))
}

// parseOne parses the line with a parser of its command alone: reading the tags of all
// commands takes longer than a short run. It returns nil for whatever else the line may
// be, help or a mistake, and has then changed nothing.
func parseOne(args []string) *kong.Context {
	all := reflect.TypeFor[cli]()
	for i := range all.NumField() {
		f := all.Field(i)
		if !strings.EqualFold(f.Name, args[0]) || slices.ContainsFunc(args, asksForHelp) {
			continue
		}
		one := reflect.New(reflect.StructOf([]reflect.StructField{f}))
		parser, err := newParser(one.Interface(), io.Discard, io.Discard)
		if err != nil {
			return nil
		}
		if ctx, err := parser.Parse(args); err == nil {
			return ctx
		}
		return nil
	}
	return nil
}

// asksForHelp tells words that may ask for help, which names the other commands too.
func asksForHelp(arg string) bool {
	return strings.HasPrefix(arg, "--help") || strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Contains(arg, "h")
}

// spellings maps common spellings (help, --version) to the commands of this program.
func spellings(args []string) []string {
	switch args[0] {
	case "help":
		return append(args[1:len(args):len(args)], "--help")
	case "--version":
		return []string{"version"}
	}
	return args
}

// finish reports an error with its hint and returns the exit code.
func (a *app) finish(err error) int {
	if err == nil {
		return a.code
	}
	var mistakes yamltree.Diagnostics
	var w *wrong
	var failure *sim.Failure
	var remote *study.ServerError
	var refused *study.RefusedError
	var missing *missingProgram
	switch {
	case errors.As(err, &remote):
		a.complain(remote.Error(), remote.Hint)
		return exitFailed
	case errors.As(err, &missing):
		a.complain(missing.Error(), missing.hint())
		return exitFailed
	case errors.As(err, &refused):
		a.complain(refused.Error(), "the same version must be here and there")
		return exitWrong
	case errors.As(err, &mistakes):
		a.diagnose(mistakes)
		return exitWrong
	case errors.As(err, &w):
		a.complain(w.msg, w.hint)
		return exitWrong
	case errors.Is(err, errInterrupted):
		a.complain(err.Error(), "")
		return exitInterrupted
	case errors.As(err, &failure):
		a.complain(failure.Error(), "this is a mistake in asynclab; please report it with the scenario and the command line")
		if failure.Stack != "" {
			fmt.Fprintln(a.stderr, failure.Stack)
		}
		return exitFailed
	}
	a.complain(err.Error(), "")
	return exitFailed
}

func (a *app) complain(msg, hint string) {
	fmt.Fprintf(a.stderr, "asynclab: %s\n", msg)
	if hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", hint)
	}
}

// diagnose prints the mistakes of a file. Each begins with its position, so that
// editors can jump to it.
func (a *app) diagnose(mistakes yamltree.Diagnostics) {
	if len(mistakes) == 1 && mistakes[0].Line == 0 {
		a.complain(mistakes[0].File+": "+mistakes[0].Msg, mistakes[0].Hint)
		return
	}
	fmt.Fprintln(a.stderr, mistakes.Error())
	fmt.Fprintf(a.stderr, "asynclab: %s in %s\n", report.Plural(len(mistakes), "mistake"), mistakes[0].File)
}

const greeting = `asynclab shows what happens when services call each other directly,
and what happens when they talk through a broker.

It simulates both designs of the same system under the same load and the same
faults, and compares them: latency, lost requests, queues, blocked threads,
recovery.

Try this first:

    asynclab run order-flow

Then:

    asynclab list                         the scenarios that come with it
    asynclab show order-flow              a picture of the designs
    asynclab run order-flow --reps 10     the same with 95% intervals
    asynclab compare order-flow           the differences, and a verdict
    asynclab new shop.yaml                a scenario file of your own
    asynclab metrics                      what is measured, and what it means
    asynclab --help                       all commands
`

func (a *app) greet() error {
	_, err := io.WriteString(a.stdout, greeting)
	return err
}

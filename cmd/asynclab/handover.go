package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"asynclab/scenarios/files"
	"asynclab/scenarios/study"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/report"
)

// studyProgram is the second program: the same source, built with -tags study. It
// links the message server and the drawing of plots, which would cost every start of
// the first 16 ms and 25 MB. The first hands over to it where they are asked for.
const studyProgram = "asynclab-study"

// extras is what the second program has and the first has not.
type extras struct {
	cluster  study.Cluster
	png, svg func(io.Writer, *study.Swept) error
	view     func(*sim.Result, []*design.Design) (report.View, error)
}

// linked is what is in this program: extras.go of the second sets it.
var linked *extras

// handoverVar is the environment variable in which the first program says which one
// it is: its origin and its study.Build.
const handoverVar = "ASYNCLAB_HANDOVER"

// handOver makes the second program do this command, with the same arguments, in the
// place of this process: exit code, signals and files are its own. It returns only
// where that fails, and on systems where one process cannot take the place of another.
func (a *app) handOver(what string) error {
	if os.Getenv(handoverVar) != "" {
		return fmt.Errorf("the program that was found as %s is not it, but another %s; make install puts both in their place", studyProgram, "asynclab")
	}
	name, err := findStudyProgram()
	if err != nil {
		return &missingProgram{what}
	}
	args := append([]string{name}, a.args...)
	env := append(os.Environ(), handoverVar+"="+origin()+" "+study.Build(version))
	if a.code, err = become(name, args, env); err != nil {
		return fmt.Errorf("%s cannot be started: %s", name, files.Reason(err))
	}
	return nil
}

// cluster is nil in the first program.
func (a *app) cluster() study.Cluster {
	if a.Extras == nil {
		return nil
	}
	return a.Extras.cluster
}

// missingProgram is the error where the second program is not there.
type missingProgram struct{ what string }

func (m *missingProgram) Error() string {
	return m.what + " needs the program " + studyProgram + ", which is neither beside asynclab nor on PATH"
}

func (*missingProgram) hint() string {
	return "make install puts both there; with nothing but Go: go build -tags study -o " + studyProgram + " ./cmd/asynclab"
}

// findStudyProgram looks beside this program, then on PATH.
func findStudyProgram() (string, error) {
	if own, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(own); err == nil {
			own = real
		}
		if name, err := exec.LookPath(filepath.Join(filepath.Dir(own), studyProgram)); err == nil {
			return name, nil
		}
	}
	name, err := exec.LookPath(studyProgram)
	if errors.Is(err, exec.ErrDot) {
		err = nil // PATH says so
	}
	return name, err
}

// takeOver checks the program that has handed over to this one, and takes the name
// under which it knows jobs and files of results.
func (a *app) takeOver() error {
	from := os.Getenv(handoverVar)
	if from == "" || a.Extras == nil {
		return nil
	}
	_ = os.Unsetenv(handoverVar) // it is not for the programs that this one starts
	at := strings.LastIndexByte(from, ' ')
	if at < 0 || from[:at] != origin() {
		return fmt.Errorf("this %s is another version (%s) than the asynclab that called it (%s); make install puts both in their place", studyProgram, origin(), from[:max(at, 0)])
	}
	a.calledAs = from[at+1:]
	return nil
}

// build is what jobs and files of results know this program by.
func (a *app) build() string {
	if a.calledAs != "" {
		return a.calledAs
	}
	return study.Build(version)
}

// origin is what both programs have in common when they were built together: the
// version, the commit, and whether something was changed since.
func origin() string {
	text := version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				text += " " + s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified" && s.Value == "true":
				text += " changed"
			}
		}
	}
	return text
}

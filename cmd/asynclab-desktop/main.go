//go:build cgo

// Command asynclab-desktop opens the desktop lab.
//
//	asynclab-desktop              where one left off; the first time, at the first lesson
//	asynclab-desktop order-flow   a scenario of the library
//	asynclab-desktop shop.yaml    a scenario file
//	asynclab-desktop --lessons my-course
//
// It is the only package that needs a C compiler, OpenGL and a display; the rest of
// the lab is in package ui and can be tested without them.
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/adrg/xdg"
	"github.com/alecthomas/kong"

	"asynclab/ui"
)

type options struct {
	Scenario string   `arg:"" optional:"" help:"A scenario file, or the name of one in the library."`
	Place    string   `help:"Where to begin: learn, lab, compare, sweep or build." enum:"learn,lab,compare,sweep,build,last" default:"last"`
	Lessons  []string `help:"A folder with lessons of your own; may be given again." type:"existingdir" placeholder:"DIR"`
	Data     string   `help:"Where progress through the lessons is kept." type:"path" placeholder:"DIR" default:"${data}"`
	Size     string   `help:"Of the window, such as 1280x720." placeholder:"WxH"`
	Profile  string   `help:"Write what takes processor time and memory into this folder, for go tool pprof." type:"existingdir" placeholder:"DIR" hidden:""`
	Describe string   `help:"Keep this file up to date with what the window shows, for programs that test it." type:"path" placeholder:"FILE" hidden:""`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("asynclab-desktop"),
		kong.Description("What happens when services call each other, and what happens when they talk through a broker?"),
		kong.Vars{"data": filepath.Join(xdg.DataHome, "asynclab")})
	if o.Place == "last" {
		o.Place = ""
	}
	if err := os.MkdirAll(o.Data, 0o755); err != nil {
		fmt.Fprintf(os.Stderr, "asynclab-desktop: no place for progress: %v\n  hint: choose another folder with --data DIR\n", err)
		os.Exit(2)
	}
	var size fyne.Size
	if o.Size != "" {
		if n, err := fmt.Sscanf(o.Size, "%fx%f", &size.Width, &size.Height); err != nil || n != 2 || size.Width < 200 || size.Height < 200 {
			fmt.Fprintf(os.Stderr, "asynclab-desktop: --size %s is no size\n  hint: write it as 1280x720\n", o.Size)
			os.Exit(2)
		}
	}
	if text := noDisplay(runtime.GOOS, os.Getenv, reach, o.Scenario); text != "" {
		fmt.Fprintln(os.Stderr, text)
		os.Exit(2)
	}
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // the toolkit complains where a home has none, and works without
	}
	log.SetOutput(&complaints{to: os.Stderr})
	end := func() { os.Exit(0) }
	if o.Profile != "" {
		end = profiled(o.Profile)
	}
	a := app.NewWithID("lab.asynclab.desktop")
	s := ui.Open(a, ui.Options{
		Scenario: o.Scenario, Place: o.Place, Lessons: o.Lessons, DataDir: o.Data, Size: size, Describe: o.Describe, End: end,
	})
	a.Lifecycle().SetOnStarted(func() { go closeOnSignal(s) })
	s.ShowAndRun()
}

// closeOnSignal closes the window when the process is asked to end. The toolkit would do
// so too, without storing anything, and close its queue of calls while others send to it;
// so the signals are taken from it, and the process ends by Options.End, not by its loop.
func closeOnSignal(s *ui.Shell) {
	ended := make(chan os.Signal, 1)
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	<-ended
	fyne.Do(s.Close)
}

// profiled begins to note what takes processor time. The function that it returns writes
// that, and what memory holds, and ends the program.
func profiled(folder string) func() {
	fail := func(err error) {
		fmt.Fprintf(os.Stderr, "asynclab-desktop: %v\n", err)
		os.Exit(3)
	}
	cpu, err := os.Create(filepath.Join(folder, "cpu.prof"))
	if err == nil {
		err = pprof.StartCPUProfile(cpu)
	}
	if err != nil {
		fail(err)
	}
	return func() {
		pprof.StopCPUProfile()
		runtime.GC()
		heap, err := os.Create(filepath.Join(folder, "heap.prof"))
		if err != nil {
			fail(err)
		}
		if err := errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), cpu.Close()); err != nil {
			fail(err)
		}
		os.Exit(0)
	}
}

// reach tries whether a display answers.
func reach(network, address string) error {
	c, err := net.DialTimeout(network, address, 3*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

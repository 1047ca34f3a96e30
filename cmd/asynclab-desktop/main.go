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
	s := ui.Open(app.NewWithID("lab.asynclab.desktop"), ui.Options{
		Scenario: o.Scenario, Place: o.Place, Lessons: o.Lessons, DataDir: o.Data, Size: size, Describe: o.Describe,
	})
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ended
		fyne.Do(s.Close)
	}()
	if o.Profile == "" {
		s.ShowAndRun()
	} else if err := profiled(o.Profile, s.ShowAndRun); err != nil {
		fmt.Fprintf(os.Stderr, "asynclab-desktop: %v\n", err)
		os.Exit(3)
	}
}

// profiled runs the program and writes what takes processor time meanwhile, and what memory
// holds at the end.
func profiled(folder string, run func()) error {
	cpu, err := os.Create(filepath.Join(folder, "cpu.prof"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	run()
	pprof.StopCPUProfile()
	runtime.GC()
	heap, err := os.Create(filepath.Join(folder, "heap.prof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), cpu.Close())
}

// reach tries whether a display answers.
func reach(network, address string) error {
	c, err := net.DialTimeout(network, address, 3*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

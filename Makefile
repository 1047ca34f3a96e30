# The two commands for a fresh machine are `make lab` and `make test`.

GO    ?= go
BIN   := bin/asynclab
STUDY := bin/asynclab-study
DESK  := bin/asynclab-desktop
TAGS  := x11
ARM64 := qemu-aarch64-static

.PHONY: lab desktop needs build install test checked guard mechanism against ratio e2e pictures measure race truth coverage files lessons findings properties arm64 bench fuzz cluster profile clean

## lab: install what the desktop lab needs, build it and open it; without a display, the flagship comparison in the terminal
lab: desktop build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then ./$(DESK); \
	else echo "no display here, so no window; the same comparison in the terminal:"; ./$(BIN) run order-flow; fi

## desktop: the desktop lab; the first build takes two or three minutes
desktop: needs
	CGO_ENABLED=1 $(GO) build -tags $(TAGS) -o $(DESK) ./cmd/asynclab-desktop

## needs: a C compiler, and on Linux the headers of OpenGL and X11
needs:
	@if [ "$$(uname)" = Linux ] && { ! command -v gcc >/dev/null || [ ! -e /usr/include/GL/gl.h ] || [ ! -e /usr/include/X11/extensions/xf86vmode.h ] || [ ! -e /usr/include/X11/Xcursor/Xcursor.h ]; }; then \
	  if command -v apt-get >/dev/null; then \
	    SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	    echo "installing a C compiler and the headers of OpenGL and X11"; \
	    $$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq gcc libc6-dev libgl1-mesa-dev xorg-dev; \
	  else echo "the build needs a C compiler and the headers of OpenGL and X11:"; \
	    echo "  Fedora: dnf install gcc libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel mesa-libGL-devel"; \
	    echo "  Arch:   pacman -S gcc xorg-server-devel libxcursor libxrandr libxinerama libxi mesa"; exit 2; fi; fi

## build: the command line, without cgo, and beside it what it hands over to for --nats and --plot
build:
	CGO_ENABLED=0 $(GO) build -o $(BIN) ./cmd/asynclab
	CGO_ENABLED=0 $(GO) build -tags study -o $(STUDY) ./cmd/asynclab

## install: all three programs into PREFIX/bin, or where go install puts them
BINDIR = $(if $(PREFIX),$(PREFIX)/bin,$(or $(shell $(GO) env GOBIN),$(shell $(GO) env GOPATH)/bin))
install: build desktop
	mkdir -p $(DESTDIR)$(BINDIR)
	install -m 755 $(BIN) $(STUDY) $(DESK) $(DESTDIR)$(BINDIR)
	@echo "asynclab, asynclab-study and asynclab-desktop are in $(BINDIR)"

## test: everything that must hold before a change lands; what is generated comes from one seed, so that a change is judged by itself (`make properties` has others)
test: export RAPID_SEED := 1
test: race checked guard
	@echo "== gofmt, vet, staticcheck"
	@test -z "$$(gofmt -l assets cmd lessons scenarios sim ui)" || { echo "not gofmt'ed:"; gofmt -l assets cmd lessons scenarios sim ui; exit 1; }
	CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet -tags study ./cmd/asynclab
	CGO_ENABLED=0 $(GO) tool staticcheck ./...
	@echo "== all tests"
	CGO_ENABLED=0 $(GO) test -pgo=off -timeout 20m ./...

## mechanism: NAME=pool lays out a new mechanism: folder, test, scenario with its twin, texts to translate
mechanism:
	@GO="$(GO)" .ci/mechanism "$(NAME)"

## against: BASE=<commit> and this tree run every scenario and 2,000 generated designs: all numbers equal to the bit; MORE=DIR adds scenarios; NAMES, FINGERPRINTS, RECORDS=ok allow a difference
against:
	@BASE="$(BASE)" MORE="$(MORE)" DESIGNS="$(DESIGNS)" SEED="$(SEED)" NAMES="$(NAMES)" FINGERPRINTS="$(FINGERPRINTS)" RECORDS="$(RECORDS)" .ci/against

## ratio: processor time of BASE=<commit> over that of this tree, nine alternating pairs of bench/*; fails below RATIO
RATIO := 0.98
ratio:
	@BASE="$(BASE)" RATIO="$(RATIO)" PAIRS="$(PAIRS)" .ci/ratio

## e2e: drives the real window on a display without a screen; ASYNCLAB_SHOTS=DIR keeps its pictures, KILLS=200 kills it so often while it saves (half an hour)
KILLS := 15
e2e: desktop build
	@command -v Xvfb >/dev/null && command -v xdotool >/dev/null && command -v import >/dev/null || { \
	  command -v apt-get >/dev/null || { echo "needs Xvfb, xdotool and ImageMagick"; exit 2; }; \
	  SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	  $$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq xvfb xdotool imagemagick libgl1-mesa-dri; }
	ASYNCLAB_KILLS=$(KILLS) ASYNCLAB_DESKTOP=$(CURDIR)/$(DESK) ASYNCLAB_COMMAND=$(CURDIR)/$(BIN) $(GO) test -tags e2e,$(TAGS) -count 1 -timeout 60m ./cmd/asynclab-desktop $(E2E)

## pictures: every place, light and dark, in two languages and sizes, into bin/pictures; those of the README into assets/readme
pictures: desktop
	@mkdir -p bin/pictures
	ASYNCLAB_BLOCKED=5000 ASYNCLAB_PICTURES=$(CURDIR)/bin/pictures $(MAKE) e2e E2E="-run TestPictures"
	cp bin/pictures/lab-dark-en-720.png assets/readme/lab.png
	cp bin/pictures/compare-light-en-720.png assets/readme/compare.png
	cp bin/pictures/learn-light-zh-720.png assets/readme/learn.png

## measure: frames a second of the window, processor time and memory over MEASURE
MEASURE := 60s
measure: desktop
	ASYNCLAB_MEASURE=$(MEASURE) $(MAKE) e2e E2E="-run TestMeasure -v"

## race: the race detector on what is concurrent, and the engine's rooms with fewer generated designs: it checks indices and pointers there
race:
	@echo "== the race detector"
	$(GO) test -race -short -timeout 10m ./sim ./sim/measure ./sim/kernel ./cmd/asynclab/pages
	$(GO) test -race -pgo=off -short -timeout 10m -run 'Embedded|Stored|Ends|LocalIsRun' ./scenarios/study ./scenarios/study/cluster
	$(GO) test -race -short -timeout 10m -run 'Controller|Speeds' ./ui/control
	$(GO) test -race -short -timeout 10m ./sim/engine -rapid.checks 10
	$(GO) test -race -pgo=off -short -timeout 10m -run 'Saver|Killed' ./lessons
	$(GO) test -race -pgo=off -short -timeout 10m -run '^TestScripts$$/^run_(formats|codes)$$|^TestInterrupted$$' ./cmd/asynclab

## checked: every index in the engine, with all generated designs: the build of the race detector (index_checked.go) without the detector
checked:
	@echo "== every index checked"
	CGO_ENABLED=0 $(GO) test -tags checked -short -timeout 10m ./sim/measure ./sim/kernel ./sim/engine

## guard: bench/* against loops written by hand, nine pairs of each, half a minute; fails below 0.8 of what was reached (cmd/asynclab/testdata/guard.ratios)
guard:
	@echo "== the guard of the speed"
	CGO_ENABLED=0 $(GO) test -pgo=off ./cmd/asynclab -run '^TestGuard$$' -guard -count 1 -timeout 20m -v

## truth: the reference cases in full (about a quarter of an hour on one core): a table of every value, expected and measured, and what cannot be said
truth:
	cd scenarios && $(GO) test -run '^TestTruth$$' -truth.full -timeout 3h

## coverage: of 1,000 experiments with a known truth, 92.5 to 97.5 % have it in their intervals: mean, p99, paired difference (a minute on one core)
coverage:
	$(GO) test ./sim -run IntervalsCoverTheTruth -coverage.full -timeout 1h -v

## cluster: workers, server and coordinator die in many ways; what four workers on two cores lose to distribution, and the memory of 100,000 jobs (some ten minutes)
cluster:
	$(GO) test ./scenarios/study/cluster -long -count 1 -timeout 1h -v

## files: ten thousand generated files over the whole language (about a quarter of an hour on one core)
files:
	$(GO) test ./scenarios -run 'TestFiles$$' -files 10000 -timeout 3h -v

## lessons: everything that the lessons say, with thirty seeds, and every way around their tasks (some five minutes on one core)
lessons: build
	$(BIN) lesson check --hunt --seeds 30

## findings: 200 generated designs with one cause each, from each of two seeds: how often it is among the first three findings (five minutes)
findings:
	CGO_ENABLED=0 $(GO) test -pgo=off ./sim/finding -run '^TestCauses$$' -finding.designs 200 -count 1 -timeout 1h -v
	CGO_ENABLED=0 $(GO) test -pgo=off ./sim/finding -run '^TestCauses$$' -finding.designs 200 -finding.seed 20261128 -count 1 -timeout 1h -v

## properties: the property tests with CHECKS designs of a seed of their own, which a failure prints (some ten minutes)
CHECKS := 2000
properties:
	RAPID_CHECKS=$(CHECKS) CGO_ENABLED=0 $(GO) test -pgo=off -tags checked -count 1 -timeout 3h ./sim/engine ./sim/design ./sim/draw ./sim/kernel ./sim/measure ./ui/control
	CGO_ENABLED=0 $(GO) test -pgo=off -timeout 10m -count 1 ./ui -run '^TestBuildOneDocument$$' -build.edits 500 -v

## arm64: golden bits of draws and whole runs on a second architecture, under an emulator
arm64:
	@command -v $(ARM64) >/dev/null || { echo "$(ARM64) is missing; on Debian: apt-get install qemu-user-static"; exit 2; }
	@mkdir -p bin
	for p in draw engine; do \
	  GOARCH=arm64 CGO_ENABLED=0 $(GO) test -c -o bin/arm64-$$p.test ./sim/$$p || exit 1; \
	  (cd sim/$$p && $(ARM64) ../../bin/arm64-$$p.test -test.run Golden -test.timeout 30m -test.v) || exit 1; \
	done

## bench: events per second and allocations per event
bench:
	$(GO) test ./sim/engine ./sim/kernel -timeout 30m -run xxx -bench 'MM1|Chain|Flow|Hold' -benchtime 2s

## fuzz: every parser and the event list, FUZZTIME each
FUZZTIME := 60s
FUZZ := scenarios:FuzzParse scenarios:FuzzDecodeBundle scenarios:FuzzWithChanges scenarios/yamltree:FuzzSpans sim/expect:FuzzParse sim:FuzzDecodeBaseline scenarios/study:FuzzDecodeJob scenarios/study:FuzzDecodeResult scenarios/study:FuzzSweepFile \
  scenarios/study:FuzzVary sim/draw:FuzzParse sim/draw:FuzzParseQuantity scenarios:FuzzReadColumn \
  sim/draw:FuzzParseDuration sim/design:FuzzSet sim/design:FuzzParseFault sim/design:FuzzParseCondition sim/kernel:FuzzOrder lessons:FuzzLesson lessons:FuzzZip
fuzz:
	@for f in $(FUZZ); do echo "== $$f"; \
	  $(GO) test ./$${f%:*} -run xxx -fuzz "^$${f#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x -timeout 30m || exit 1; done

## profile: what the compiler is told about the hot paths (cmd/asynclab/default.pgo)
profile:
	@mkdir -p bin
	$(GO) test ./sim/engine -timeout 30m -run xxx -pgo=off -bench 'MM1|Chain|Flow' -benchtime 10s -cpuprofile bin/first.prof -o bin/first.test
	$(GO) test ./sim/engine -timeout 30m -run xxx -pgo=$(CURDIR)/bin/first.prof -bench 'MM1|Chain|Flow' -benchtime 10s -cpuprofile bin/second.prof -o bin/second.test
	$(GO) tool pprof -proto bin/first.prof bin/second.prof > cmd/asynclab/default.pgo

clean:
	rm -rf bin

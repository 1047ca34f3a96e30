package cluster

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"asynclab/scenarios/study"

	"github.com/nats-io/nats-server/v2/server"
)

// long makes the tests with processes as long as they are meant to be; without it
// they are shorter.
var long = flag.Bool("long", false, "more jobs, more deaths")

// The test binary is also the processes of the tests: a server, a worker, a
// coordinator.
func TestMain(m *testing.M) {
	roles := map[string]func() error{"server": serverRole, "worker": workerRole, "coordinator": coordinatorRole}
	if role := roles[os.Getenv("CLUSTER_ROLE")]; role != nil {
		if err := role(); err != nil {
			fmt.Println("failed:", err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	flag.Parse()
	os.Exit(m.Run())
}

const (
	testWait = 2 * time.Second // until a job of a dead worker goes to another
	poison   = 666             // the seed of a job at which workers crash
	crashed  = 99              // their exit code
)

func serverRole() error {
	port, err := strconv.Atoi(os.Getenv("CLUSTER_PORT"))
	if err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true, JetStream: os.Getenv("CLUSTER_STORE") != "", StoreDir: os.Getenv("CLUSTER_STORE"), SyncInterval: time.Second})
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		return errors.New("not ready")
	}
	fmt.Println("ready")
	s.WaitForShutdown()
	return nil
}

func link(version string) (*Link, error) {
	l, err := Dial(context.Background(), study.Server{URL: os.Getenv("CLUSTER_URL")}, version)
	if err == nil {
		l.wait = testWait
		if text := os.Getenv("CLUSTER_WAIT"); text != "" {
			l.wait, err = time.ParseDuration(text)
		}
	}
	return l, err
}

func workerRole() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	l, err := link(os.Getenv("CLUSTER_VERSION"))
	if err != nil {
		return err
	}
	defer l.Close()
	fmt.Println("ready")
	var first, last time.Time
	var busy time.Duration
	err = l.Work(ctx, &Worker{Slots: 1, Say: func(text string) { fmt.Println(text) }, begin: func(j *study.Job) func() {
		if j.Run.Seed == poison {
			os.Exit(crashed)
		}
		fmt.Println("begin", j.Hash())
		began := time.Now()
		if first.IsZero() {
			first = began
		}
		return func() {
			last = time.Now()
			busy += last.Sub(began)
		}
	}})
	fmt.Println("busy", int64(busy), int64(last.Sub(first)))
	return err
}

// coordinatorRole appends every result to a file; those that are there are not asked
// for again.
func coordinatorRole() error {
	data, err := os.ReadFile(os.Getenv("CLUSTER_JOBS"))
	if err != nil {
		return err
	}
	var n int
	var length time.Duration
	if _, err := fmt.Sscan(string(data), &n, &length); err != nil {
		return err
	}
	all := jobs(new(testing.B), n, length)
	have := map[string]bool{}
	old, err := os.ReadFile(os.Getenv("CLUSTER_RESULTS"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for line := range bytes.Lines(old) {
		if r, err := study.DecodeResult(line); err == nil {
			have[r.Job] = true
		}
	}
	f, err := os.OpenFile(os.Getenv("CLUSTER_RESULTS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	var left []study.Job
	for _, j := range all {
		if !have[j.Hash()] {
			left = append(left, j)
		}
	}
	l, err := link(testVersion)
	if err != nil {
		return err
	}
	defer l.Close()
	fmt.Println("left", len(left))
	got := 0
	err = (&Remote{Link: l}).Run(context.Background(), left, func(_ int, r study.Result) error {
		got++
		if _, err := f.Write(append(r.Encode(), '\n')); err != nil {
			return err
		}
		fmt.Println("results", got)
		return nil
	})
	return errors.Join(err, f.Close())
}

// process is a child of the test.
type process struct {
	*exec.Cmd
	lines chan string // of its output
	code  chan int    // its exit code, once

	mu  sync.Mutex
	all []string
}

func start(t *testing.T, role string, env ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], "-test.run=^$"), lines: make(chan string, 10_000), code: make(chan int, 1)}
	p.Env = append(os.Environ(), append(env, "CLUSTER_ROLE="+role)...)
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stderr = p.Stdout
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.mu.Lock()
			p.all = append(p.all, scan.Text())
			p.mu.Unlock()
			select {
			case p.lines <- scan.Text():
			default:
			}
		}
		_ = p.Wait()
		p.code <- p.ProcessState.ExitCode()
		close(p.lines)
	}()
	t.Cleanup(func() {
		_ = p.Process.Signal(syscall.SIGCONT)
		_ = p.Process.Kill()
		for range p.lines {
		}
		if t.Failed() {
			p.mu.Lock()
			t.Logf("%s %v: %s", role, env, strings.Join(p.all[max(0, len(p.all)-5):], "; "))
			p.mu.Unlock()
		}
	})
	return p
}

// says waits for a line of output that begins with a text, and returns it.
func (p *process) says(t *testing.T, text string) string {
	t.Helper()
	for end := time.After(time.Minute); ; {
		select {
		case line, more := <-p.lines:
			if strings.HasPrefix(line, text) {
				return line
			}
			if !more {
				t.Fatalf("it ended without saying %q", text)
			}
		case <-end:
			t.Fatalf("not within a minute: %q", text)
		}
	}
}

// place of a server that may be killed and started again.
type site struct {
	port, store string
	*process
}

func newSite(t *testing.T) *site {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()
	s := &site{port: port, store: t.TempDir()}
	s.begin(t)
	return s
}

func (s *site) begin(t *testing.T) {
	t.Helper()
	s.process = start(t, "server", "CLUSTER_PORT="+s.port, "CLUSTER_STORE="+s.store)
	s.says(t, "ready")
}

func (s *site) url() string { return "CLUSTER_URL=nats://127.0.0.1:" + s.port }

func (s *site) link(t *testing.T) *Link {
	t.Helper()
	l, err := Dial(context.Background(), study.Server{URL: "nats://127.0.0.1:" + s.port}, testVersion)
	if err != nil {
		t.Fatal(err)
	}
	l.wait = testWait
	t.Cleanup(l.Close)
	return l
}

func (s *site) worker(t *testing.T, env ...string) *process {
	t.Helper()
	return start(t, "worker", append(env, s.url(), "CLUSTER_VERSION="+testVersion)...)
}

// Whatever dies, the results are the bits of a run in one process, and a job that
// kills its workers ends with an error that says so.
func TestWhateverDies(t *testing.T) {
	n, length := 60, 10_000*time.Second
	if *long {
		n, length = 400, 40_000*time.Second
	}
	all := jobs(t, n, length)
	want := locally(t, all)
	bad := all[n/2]
	bad.Run.Seed = poison
	all = append(all[:n/4:n/4], append([]study.Job{bad}, all[n/4:]...)...)

	s := newSite(t)
	l := s.link(t)
	r := &Remote{Link: l}
	noted := map[string]bool{}
	r.Status = func(s study.Status) { noted[s.Note] = true }
	// A worker that crashes is started again, as a service manager would do.
	var mu sync.Mutex
	crashes, over := 0, false
	var again func()
	again = func() {
		mu.Lock()
		defer mu.Unlock()
		if over {
			return
		}
		p := s.worker(t)
		go func() {
			if code := <-p.code; code == crashed {
				mu.Lock()
				crashes++
				mu.Unlock()
				again()
			}
		}()
	}
	victim, cut := s.worker(t), s.worker(t)
	again()
	events := map[int]func(){
		n / 10: func() {
			victim.says(t, "begin") // it has a job
			_ = victim.Process.Kill()
		},
		2 * n / 10: func() {
			_ = cut.Process.Signal(syscall.SIGSTOP) // it hears nothing and says nothing, for longer than testWait
		},
		4 * n / 10: func() {
			_ = s.Process.Kill()
			for range s.lines {
			}
			s.begin(t)
		},
		5 * n / 10: func() { // every job comes again
			for i := range all {
				p := place{all[i].Scenario.Hash(), all[i].Hash(), "1"}
				_, _ = l.js.PublishAsync(l.jobSubject(p), all[i].Encode()) // those that wait are there once
			}
		},
		6 * n / 10: func() { _ = cut.Process.Signal(syscall.SIGCONT); again() },
	}
	got := collect(t, context.Background(), r, all, func(n int) {
		if event := events[n]; event != nil {
			event()
		}
	})
	mu.Lock()
	defer mu.Unlock()
	over = true
	failed, err := study.DecodeResult(got[n/4])
	if err != nil || !strings.HasPrefix(failed.Error, "it was given to workers 5 times") {
		t.Errorf("the job that kills: %.300s, %v", got[n/4], err)
	}
	same(t, want, append(got[:n/4:n/4], got[n/4+1:]...))
	if crashes < 1 {
		t.Error("no worker crashed")
	}
	if !noted["the NATS server at "+l.Shown+" is away; waiting for it"] {
		t.Errorf("nobody said that the server was away: %v", noted)
	}
}

// A coordinator that is killed at any moment and started again ends with the same
// results, and asks only for those that it does not have.
func TestCoordinatorKilled(t *testing.T) {
	n, length := 40, 10_000*time.Second
	kills := []int{7, 11}
	if *long {
		n, kills = 300, []int{1, 20, 35, 50, 60, 17}
	}
	want := locally(t, jobs(t, n, length))
	s := newSite(t)
	s.worker(t)
	s.worker(t)
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/jobs", fmt.Appendf(nil, "%d %d", n, length), 0o644); err != nil {
		t.Fatal(err)
	}
	env := []string{s.url(), "CLUSTER_JOBS=" + dir + "/jobs", "CLUSTER_RESULTS=" + dir + "/results"}
	for _, k := range kills {
		p := start(t, "coordinator", env...)
		p.says(t, fmt.Sprintf("results %d", k))
		_ = p.Process.Kill()
		<-p.code
	}
	p := start(t, "coordinator", env...)
	var left int
	if _, err := fmt.Sscanf(p.says(t, "left "), "left %d", &left); err != nil || left > n-7-11 {
		t.Errorf("%d jobs are asked for again, %v", left, err)
	}
	if code := <-p.code; code != 0 {
		t.Fatalf("the coordinator ends with %d", code)
	}
	data, err := os.ReadFile(dir + "/results")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{}
	for line := range bytes.Lines(data) {
		var r struct{ Job string }
		if json.Unmarshal(line, &r) == nil {
			found[r.Job] = bytes.TrimSpace(line)
		}
	}
	all := jobs(t, n, length)
	for i := range all {
		if !bytes.Equal(found[all[i].Hash()], want[i]) {
			t.Errorf("job %d: %.200s", i, found[all[i].Hash()])
		}
	}
}

// A worker of another version gets nothing and says why; a coordinator shows it.
func TestOtherVersion(t *testing.T) {
	s := newSite(t)
	l := s.link(t)
	old := start(t, "worker", s.url(), "CLUSTER_VERSION=0.0.9")
	ctx, cancel := context.WithCancel(context.Background())
	refused := false
	r := &Remote{Link: l, Status: func(s study.Status) {
		for _, w := range s.Workers {
			refused = refused || w.Note == "refused: it is of asynclab 0.0.9, this study is of test"
		}
		if len(old.code) > 0 {
			cancel()
		}
	}}
	err := r.Run(ctx, jobs(t, 3, time.Second), func(int, study.Result) error { return errors.New("a job was done") })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if code := <-old.code; code != 3 || !refused {
		t.Errorf("code %d, refused %v", code, refused)
	}
	old.says(t, "failed: refused: the study on this server is of asynclab test, this worker is 0.0.9")
}

// A worker that is interrupted gives its job back at once.
func TestWorkerInterrupted(t *testing.T) {
	s := newSite(t)
	l := s.link(t)
	l.wait = time.Hour // nobody waits for that
	hour := "CLUSTER_WAIT=1h"
	all := jobs(t, 1, 400_000*time.Second)
	want := locally(t, all)
	first := s.worker(t, hour)
	go func() {
		for line := range first.lines {
			if strings.HasPrefix(line, "begin") {
				s.worker(t, hour)
				_ = first.Process.Signal(os.Interrupt)
				return
			}
		}
	}()
	same(t, want, collect(t, context.Background(), &Remote{Link: l}, all, nil))
	if code := <-first.code; code != 0 {
		t.Errorf("the worker ends with %d", code)
	}
}

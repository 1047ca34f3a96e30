package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/expect"
	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
)

// Job is a piece of work that needs nothing but itself: some replications of one
// design of a scenario.
type Job struct {
	Scenario *scenarios.Bundle `json:"-"`
	Version  string            `json:"version"` // of the program that runs it: see Build
	Design   string            `json:"design"`
	Set      []string          `json:"set,omitempty"` // PATH=VALUE, in this order, in this design
	Run      Run               `json:"run"`
	From     int               `json:"from"`               // first replication, from 1
	To       int               `json:"to"`                 // last replication, included
	Metrics  []string          `json:"metrics,omitempty"`  // names or patterns of the metrics that are wanted; none: all
	All      bool              `json:"all,omitempty"`      // the others too: Metrics have what is measured only where it is asked for
	Expect   []string          `json:"expect,omitempty"`   // expectations whose windows are measured
	Findings bool              `json:"findings,omitempty"` // what happened is wanted too
}

// Run says how long a replication is and with which seed. Zero means what it means in
// sim.Settings.
type Run struct {
	Duration    time.Duration `json:"duration,omitempty"` // ns, simulated, warm-up included
	Warmup      time.Duration `json:"warmup,omitempty"`   // ns
	Drain       time.Duration `json:"drain,omitempty"`    // ns; negative: none
	Completions uint64        `json:"completions,omitempty"`
	Seed        uint64        `json:"seed"`
	MaxEvents   uint64        `json:"max_events,omitempty"`
}

// RunOf returns the part of settings that a replication depends on. Their share of
// warm-up must be a time already.
func RunOf(s sim.Settings) Run {
	return Run{s.Duration, s.Warmup, s.Drain, s.Completions, s.Seed, s.MaxEvents}
}

// Limits of a job.
const (
	maxTexts   = 1_000   // settings, metrics, expectations: of each
	maxTextLen = 10_000  // bytes of one of them
	maxJob     = 256_000 // bytes of an encoded job
)

// check finds what no program would ask for.
func (j *Job) check() error {
	switch {
	case j.Scenario == nil:
		return errors.New("the job has no scenario")
	case j.From < 1 || j.To < j.From || j.To > sim.MaxReplications:
		return fmt.Errorf("replications must be from 1 to %d, not %d to %d", sim.MaxReplications, j.From, j.To)
	}
	for _, texts := range [][]string{j.Set, j.Metrics, j.Expect} {
		if len(texts) > maxTexts {
			return fmt.Errorf("a job has at most %d settings, metrics and expectations each", maxTexts)
		}
		for _, t := range texts {
			if len(t) > maxTextLen {
				return fmt.Errorf("a text in a job has more than %d bytes: %.40s…", maxTextLen, t)
			}
		}
	}
	return nil
}

// settings are those of the runs of a job.
func (j *Job) settings(s *scenarios.Scenario) (sim.Settings, error) {
	out := sim.Settings{
		Duration: j.Run.Duration, Warmup: j.Run.Warmup, Drain: j.Run.Drain, Completions: j.Run.Completions,
		Seed: j.Run.Seed, MaxEvents: j.Run.MaxEvents, Changes: s.AllChanges(), Findings: j.Findings,
	}
	var err error
	if out.Metrics, err = metric.Choose(j.Metrics...); err != nil {
		return out, err
	}
	for _, text := range j.Expect {
		e, err := expect.Parse(text, all.Mechanisms.Begin()...)
		if err != nil {
			return out, fmt.Errorf("expectation %s: %w", text, err)
		}
		out.Expect = append(out.Expect, e)
	}
	return out, nil
}

// Hash identifies the job: jobs with the same hash have the same result. It is made
// of everything in the job, the scenario's content included.
func (j *Job) Hash() string { return digest(j.Encode()) }

// plan identifies what has to be compiled: the job without its replications.
func (j Job) plan() string {
	j.From, j.To = 0, 0
	return j.Hash()
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// wire is a job as it travels: the scenario is sent once and named by its hash.
type wire struct {
	Bundle string `json:"scenario"`
	*Job
}

// Encode writes the job as JSON, its scenario as a hash.
func (j *Job) Encode() []byte {
	return marshal(wire{j.Scenario.Hash(), j})
}

// DecodeJob reads what Encode has written. find returns the scenario with a hash.
func DecodeJob(data []byte, find func(hash string) (*scenarios.Bundle, error)) (*Job, error) {
	if len(data) > maxJob {
		return nil, fmt.Errorf("a job has %d bytes, more than %d", len(data), maxJob)
	}
	w := wire{Job: &Job{}}
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("this is not a job: %w", err)
	}
	if w.Job == nil || len(w.Bundle) > maxTextLen {
		return nil, errors.New("this is not a job")
	}
	var err error
	if w.Scenario, err = find(w.Bundle); err != nil {
		return nil, err
	}
	return w.Job, w.Job.check()
}

// String names the job for people: "order-flow.yaml, broker, replications 1 to 5,
// service.pay.workers=4".
func (j *Job) String() string {
	name := ""
	if j.Scenario != nil {
		name = j.Scenario.Name + ", "
	}
	name += j.Design + ", replication"
	if j.To > j.From {
		name += fmt.Sprintf("s %d to %d", j.From, j.To)
	} else {
		name += fmt.Sprintf(" %d", j.From)
	}
	if len(j.Set) > 0 {
		name += ", " + strings.Join(j.Set, ", ")
	}
	return name
}

// Split makes the jobs for replications from..to of one design, at most size
// replications each. like has everything but From and To.
func Split(like Job, from, to, size int) (jobs []Job) {
	for ; from <= to; from += size {
		like.From, like.To = from, min(from+size-1, to)
		jobs = append(jobs, like)
	}
	return jobs
}

// Texts are the texts of expectations, as a job has them.
func Texts(list []*expect.Expectation) (texts []string) {
	for _, e := range list {
		texts = append(texts, e.Text())
	}
	return texts
}

package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"asynclab/sim"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/finding"
	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/warning"
)

// Result is the result of a job: the outcome of each of its replications, or an
// error.
type Result struct {
	Job      string         // hash
	Warnings []sim.Warning  // about the design itself
	Outcomes []*sim.Outcome // of replications From, From+1, … To
	Error    string         // why there are none
	Stack    string         // of a panic
}

// Error is a job that failed.
type Error struct {
	Job *Job
	Msg string
}

func (e *Error) Error() string { return e.Job.String() + ": " + e.Msg }

// Merge combines the results of jobs, which are in any order, into the result that
// sim.Run gives of the same replications: designs in the order in which jobs name
// them first. The jobs must have the same settings but for design and replications.
// s gives the number of replications that were asked for, the expectations and what
// is silenced. A result that is an error makes Merge return an *Error.
func Merge(jobs []Job, results []Result, s sim.Settings) (*sim.Result, error) {
	var parts []sim.Part
	for i := range jobs {
		j, r := &jobs[i], &results[i]
		if r.Error != "" {
			return nil, &Error{j, r.Error}
		}
		s.Replications, s.Seed = max(s.Replications, j.To), j.Run.Seed
		at := slices.IndexFunc(parts, func(p sim.Part) bool { return p.Design == j.Design })
		if at < 0 {
			at = len(parts)
			parts = append(parts, sim.Part{Design: j.Design})
		}
		p := &parts[at]
		if len(r.Outcomes) > 0 {
			p.Warnings = r.Warnings
		}
		if short := j.To - len(p.Outcomes); short > 0 {
			p.Outcomes = append(p.Outcomes, make([]*sim.Outcome, short)...)
		}
		copy(p.Outcomes[j.From-1:], r.Outcomes)
	}
	r := sim.Merge(parts, s)
	for _, d := range r.Designs {
		r.Engine.Events += d.Events
	}
	return r, nil
}

// bits is a float that JSON gives back to the bit. NaN is null.
type bits float64

func (b bits) MarshalJSON() ([]byte, error) {
	switch f := float64(b); {
	case math.IsNaN(f):
		return []byte("null"), nil
	case math.IsInf(f, 0):
		return strconv.AppendQuote(nil, fmt.Sprint(f)), nil
	default:
		return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
	}
}

func (b *bits) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*b = bits(math.NaN())
		return nil
	}
	f, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	*b = bits(f)
	return err
}

// The forms of a result in JSON. Floats come back to the bit, and the same result
// is the same bytes.
type (
	resultJSON struct {
		Job      string        `json:"job"`
		Error    string        `json:"error,omitempty"`
		Stack    string        `json:"stack,omitempty"`
		Metrics  []string      `json:"metrics,omitempty"` // of the first run
		Warnings []warningJSON `json:"warnings,omitempty"`
		Runs     []outcomeJSON `json:"runs,omitempty"`
	}
	outcomeJSON struct {
		End         sim.End       `json:"ended"`
		At          time.Duration `json:"at"` // ns
		Events      uint64        `json:"events"`
		Fingerprint string        `json:"fingerprint"`
		Metrics     []string      `json:"metrics,omitempty"` // where they are not those of the first run
		Values      []bits        `json:"values"`
		Errors      map[int]bits  `json:"errors,omitempty"` // of percentiles, by index
		Windows     []windowJSON  `json:"windows,omitempty"`
		Warnings    []warningJSON `json:"warnings,omitempty"`
		Faults      []faultJSON   `json:"faults,omitempty"`
		Findings    []findingJSON `json:"findings,omitempty"`
		MoreFaults  int           `json:"more_faults,omitempty"`
	}
	faultJSON struct {
		Fault    string        `json:"fault"`
		Kind     string        `json:"kind"`
		From     time.Duration `json:"from"` // ns
		To       time.Duration `json:"to"`   // ns
		Affected bits          `json:"affected"`
		Recovery bits          `json:"time_to_recover"`
	}
	findingJSON struct {
		Kind     string         `json:"kind"`
		Element  string         `json:"element"`
		From     time.Duration  `json:"from"` // ns
		To       time.Duration  `json:"to"`   // ns
		Says     []clauseJSON   `json:"says,omitempty"`
		Evidence []evidenceJSON `json:"evidence,omitempty"`
		Last     bool           `json:"last,omitempty"`
		Hurt     bits           `json:"hurt"`
	}
	clauseJSON struct {
		ID    string   `json:"id"`
		Terms []string `json:"terms,omitempty"`
	}
	evidenceJSON struct {
		Metric    string `json:"metric"`
		Value     bits   `json:"value"`
		Threshold bits   `json:"threshold"`
	}
	windowJSON struct {
		Metric string        `json:"metric"`
		From   time.Duration `json:"from"` // ns
		To     time.Duration `json:"to"`   // ns
		Value  bits          `json:"value"`
	}
	warningJSON struct {
		Kind    string     `json:"kind"`
		Element string     `json:"element,omitempty"`
		Terms   []termJSON `json:"terms,omitempty"`
		In      int        `json:"in,omitempty"`
		Of      int        `json:"of,omitempty"`
	}
	termJSON struct {
		ID   string   `json:"id,omitempty"`
		Text string   `json:"text"`
		Of   []string `json:"of,omitempty"`
	}
)

// Encode writes the result as one line of JSON.
func (r *Result) Encode() []byte {
	out := resultJSON{Job: r.Job, Error: r.Error, Stack: r.Stack, Warnings: warningsOut(r.Warnings)}
	for i, o := range r.Outcomes {
		run := outcomeJSON{End: o.End, At: o.At, Events: o.Events, Fingerprint: fmt.Sprintf("%016x", o.Fingerprint),
			Values: make([]bits, len(o.Values)), Warnings: warningsOut(o.Warnings), MoreFaults: o.MoreFaults}
		names := make([]string, len(o.Values))
		for k, v := range o.Values {
			names[k], run.Values[k] = v.Name, bits(v.Value)
			if math.Float64bits(v.Error) != 0 {
				if run.Errors == nil {
					run.Errors = map[int]bits{}
				}
				run.Errors[k] = bits(v.Error)
			}
		}
		if i == 0 {
			out.Metrics = names
		} else if !slices.Equal(names, out.Metrics) {
			run.Metrics = names
		}
		for _, w := range o.Windows {
			run.Windows = append(run.Windows, windowJSON{w.Metric, w.Window.From, w.Window.To, bits(w.Value)})
		}
		for _, e := range o.Faults {
			run.Faults = append(run.Faults, faultJSON{e.Fault, e.Kind, e.From, e.To, bits(e.Affected), bits(e.Recovery)})
		}
		run.Findings = findingsOut(o.Findings)
		out.Runs = append(out.Runs, run)
	}
	return marshal(out)
}

// marshal leaves "<", ">" and "&" as they are: names of metrics have arrows.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // every value of jobs and results has a form
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func warningsOut(list []sim.Warning) (out []warningJSON) {
	for _, w := range list {
		o := warningJSON{Kind: w.Name, Element: w.Element, In: w.In, Of: w.Of}
		for _, t := range w.Terms {
			o.Terms = append(o.Terms, termJSON{t.ID, t.English, t.Of})
		}
		out = append(out, o)
	}
	return out
}

func findingsOut(list []sim.Finding) (out []findingJSON) {
	for i := range list {
		f := &list[i]
		o := findingJSON{Kind: f.ID, Element: f.Element, From: f.From, To: f.To, Last: f.Last, Hurt: bits(f.Hurt)}
		for _, c := range f.Clauses {
			o.Says = append(o.Says, clauseJSON{c.ID, c.Terms})
		}
		for _, e := range f.Evidence {
			o.Evidence = append(o.Evidence, evidenceJSON{e.Metric, bits(e.Value), bits(e.Threshold)})
		}
		out = append(out, o)
	}
	return out
}

// DecodeResult reads what Encode has written.
func DecodeResult(data []byte) (*Result, error) {
	var in resultJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("this is not a result of a job: %w", err)
	}
	r := &Result{Job: in.Job, Error: in.Error, Stack: in.Stack}
	var err error
	if r.Warnings, err = warningsIn(in.Warnings); err != nil {
		return nil, err
	}
	for _, run := range in.Runs {
		o, err := run.outcome(in.Metrics)
		if err != nil {
			return nil, err
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r, nil
}

func (in *outcomeJSON) outcome(names []string) (*sim.Outcome, error) {
	if in.Metrics != nil {
		names = in.Metrics
	}
	fingerprint, err := strconv.ParseUint(in.Fingerprint, 16, 64)
	if err != nil || !in.End.Known() || len(in.Values) != len(names) {
		return nil, errors.New("the result of a job is damaged")
	}
	o := &sim.Outcome{Complete: true, End: in.End, At: in.At, Events: in.Events, Fingerprint: fingerprint, Values: make([]engine.MetricValue, len(names))}
	for i, name := range names {
		ref, ok := refs.find(name)
		if !ok {
			return nil, fmt.Errorf("the result of a job has the metric %.100q, which this version does not know", name)
		}
		o.Values[i] = engine.MetricValue{Name: name, Unit: ref.Unit(), Value: float64(in.Values[i]), Error: float64(in.Errors[i]), Ref: ref}
	}
	for _, w := range in.Windows {
		o.Windows = append(o.Windows, sim.WindowValue{Metric: w.Metric, Window: expect.Window{From: w.From, To: w.To}, Value: float64(w.Value)})
	}
	for _, e := range in.Faults {
		o.Faults = append(o.Faults, sim.Episode{Fault: e.Fault, Kind: e.Kind, From: e.From, To: e.To, Affected: float64(e.Affected), Recovery: float64(e.Recovery)})
	}
	o.MoreFaults = in.MoreFaults
	if o.Findings, err = findingsIn(in.Findings); err != nil {
		return nil, err
	}
	o.Warnings, err = warningsIn(in.Warnings)
	return o, err
}

func findingsIn(list []findingJSON) (out []sim.Finding, err error) {
	for _, in := range list {
		f := sim.Finding{Kind: finding.KindOf(in.Kind), Element: in.Element, From: in.From, To: in.To, Last: in.Last, Hurt: float64(in.Hurt)}
		if f.Kind == nil {
			return nil, fmt.Errorf("the result of a job has a finding %.100q, which this version does not know", in.Kind)
		}
		for _, c := range in.Says {
			word, ok := finding.WordOf(c.ID)
			if !ok {
				return nil, fmt.Errorf("the result of a job says %.100q, which this version does not know", c.ID)
			}
			f.Clauses = append(f.Clauses, finding.Clause{Word: word, Terms: c.Terms})
		}
		for _, e := range in.Evidence {
			f.Evidence = append(f.Evidence, finding.Evidence{Metric: e.Metric, Value: float64(e.Value), Threshold: float64(e.Threshold)})
		}
		out = append(out, f)
	}
	return out, nil
}

func warningsIn(list []warningJSON) (out []sim.Warning, err error) {
	for _, in := range list {
		kind := warning.Find(warnings(), in.Kind)
		if kind == nil {
			return nil, fmt.Errorf("the result of a job has a warning %.100q, which this version does not know", in.Kind)
		}
		w := sim.Warning{Kind: kind, Element: in.Element, In: in.In, Of: in.Of}
		for _, t := range in.Terms {
			w.Terms = append(w.Terms, warning.Term{Word: record.Word{ID: t.ID, English: t.Text}, Of: t.Of})
		}
		out = append(out, w)
	}
	return out, nil
}

var warnings = sync.OnceValue(all.Mechanisms.Warnings)

// names remembers which metric a name means: results repeat them.
type names struct {
	mu    sync.Mutex
	kinds metric.Kinds
	known map[string]metric.Ref
}

var refs names

const maxNames = 200_000

func (n *names) find(name string) (metric.Ref, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if ref, ok := n.known[name]; ok {
		return ref, true
	}
	if n.kinds == nil {
		n.kinds = all.Mechanisms.Kinds()
	}
	ref, ok := n.kinds.Parse(name)
	if ok {
		if len(n.known) >= maxNames || n.known == nil {
			n.known = map[string]metric.Ref{}
		}
		n.known[name] = ref
	}
	return ref, ok
}

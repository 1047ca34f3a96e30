package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
)

// Baseline is what a later run is judged against: the values of the metrics that
// matter, by replication.
type Baseline struct {
	Version      string // of the program
	Scenario     string
	Hash         string // of the scenario's text and data files
	Seed         uint64
	Replications int
	Length       Length
	Designs      map[string]map[string]Kept // by name of the design and of the metric
}

// Length is how long the runs were. Numbers of runs of another length are other
// numbers.
type Length struct {
	Duration    time.Duration `json:"duration_ns"`
	Warmup      time.Duration `json:"warmup_ns"`
	Drain       time.Duration `json:"drain_ns"`
	Completions uint64        `json:"completions"`
}

func lengthOf(s Settings) Length { return Length{s.Duration, s.Warmup, s.Drain, s.Completions} }

func (l Length) String() string {
	text := func(d time.Duration) string { return draw.FormatDuration(d.Seconds()) }
	out := text(l.Duration)
	switch {
	case l.Duration == 0:
		out = fmt.Sprintf("%d completions", l.Completions)
	case l.Completions > 0:
		out += fmt.Sprintf(" or %d completions", l.Completions)
	}
	out += ", warm-up " + text(l.Warmup)
	switch {
	case l.Drain < 0:
		out += ", no drain"
	case l.Drain > 0:
		out += ", drain " + text(l.Drain)
	}
	return out
}

// Kept is a metric of a baseline.
type Kept struct {
	Values []float64 // one per replication; NaN: no samples
	Error  float64   // Metric.Error
}

const (
	baselineFormat = 1
	// MaxBaseline is the most bytes of a baseline.
	MaxBaseline = 64 << 20
	maxKept     = 1e100 // no metric has such a value; sums of squares of them are numbers
)

type jsonBaseline struct {
	Asynclab     string                         `json:"asynclab"` // "baseline"
	Format       int                            `json:"format"`
	Version      string                         `json:"version"`
	Scenario     string                         `json:"scenario"`
	Hash         string                         `json:"hash"`
	Seed         uint64                         `json:"seed"`
	Replications int                            `json:"replications"`
	Length       Length                         `json:"length"`
	Designs      map[string]map[string]jsonKept `json:"designs"`
}

type jsonKept struct {
	Error  float64    `json:"error,omitempty"`
	Values []*float64 `json:"values"`
}

// NewBaseline keeps of a result what [Baseline.Judge] judges. It is an error if that is
// nothing, or if runs did not come to their end.
func NewBaseline(r *Result, s Settings, hash string) (*Baseline, error) {
	if r.Interrupted || r.OverBudget() || r.Replications == 0 {
		return nil, errors.New("a run did not come to its end")
	}
	b := &Baseline{r.Version, r.Scenario, hash, r.Seed, r.Replications, lengthOf(s), map[string]map[string]Kept{}}
	n := 0
	for i := range r.Designs {
		d := &r.Designs[i]
		kept := map[string]Kept{}
		for _, m := range r.guarded(d, s.Expect) {
			if m.Ref.Better != metric.Neither {
				kept[m.Name] = Kept{m.Values, m.Error}
				n++
			}
		}
		b.Designs[d.Name] = kept
	}
	if n == 0 {
		return nil, errNothing
	}
	return b, nil
}

var errNothing = errors.New("of none of the metrics it can be said which way is better")

// guarded lists the metrics of a design that a baseline is about: those that --metrics
// chooses; without a choice those of the table's head and of the expectations.
func (r *Result) guarded(d *DesignResult, expected []*expect.Expectation) (out []*Metric) {
	named := map[string]bool{}
	for _, e := range expected {
		for _, ref := range e.Metrics() {
			if ref.Design == d.Name || ref.Design == "" && len(r.Designs) == 1 {
				named[ref.Metric] = true
			}
		}
	}
	for i := range d.Metrics {
		m := &d.Metrics[i]
		switch {
		case m.Ref.Metric == nil:
		case !r.Shown.All():
			if r.Shown.Has(m.Ref) && m.Ref.Better != metric.Neither {
				out = append(out, m)
			}
		case named[m.Name] || m.Ref.Compared.Head && slices.Contains(m.Ref.Compared.Stats, m.Ref.Stat):
			out = append(out, m)
		}
	}
	return out
}

// Check finds out before a run whether it can be judged against the baseline.
func (b *Baseline) Check(scenario string, s Settings) error {
	switch {
	case b.Scenario != scenario:
		return fmt.Errorf("it is of scenario %q, not of %q", b.Scenario, scenario)
	case b.Length != lengthOf(s):
		return fmt.Errorf("its runs lasted %s, and these last %s", b.Length, lengthOf(s))
	}
	return nil
}

// Judge adds an expectation to the result for each of its metrics that the baseline
// has: that it is not worse by more than the tolerance, a share. Where seed and
// replications are the same, replications are paired.
func (b *Baseline) Judge(r *Result, expected []*expect.Expectation, tolerance float64) error {
	paired := b.Seed == r.Seed && b.Replications == r.Replications
	n := 0
	for i := range r.Designs {
		d := &r.Designs[i]
		kept, known := b.Designs[d.Name]
		for _, m := range r.guarded(d, expected) {
			n++
			text := d.Name + ": " + m.Name + " " + notWorse(m.Ref.Better, tolerance)
			k, ok := kept[m.Name]
			why := ""
			switch {
			case r.Replications == 0:
				why = "no run came to its end"
			case m.Ref.Better == metric.Neither:
				text, why = d.Name+": "+m.Name+" against the baseline", "neither more nor less of it is better"
			case !known:
				why = "the baseline has no design " + d.Name
			case !ok:
				why = "the baseline has no such metric"
			}
			if why != "" {
				r.Skipped = append(r.Skipped, Skip{text, why})
				continue
			}
			c := expect.Change{Now: m.Values, Base: k.Values, Paired: paired, Higher: m.Ref.Better == metric.Higher,
				Tolerance: tolerance, Off: m.Error + k.Error, Unit: m.Unit}
			r.Expectations = append(r.Expectations, Verdict{text, c.Judge()})
		}
	}
	if n == 0 {
		return errNothing
	}
	return nil
}

// notWorse is what is expected of a metric.
func notWorse(better metric.Way, tolerance float64) string {
	way := "above"
	if better == metric.Higher {
		way = "below"
	}
	if tolerance == 0 {
		return "not " + way + " the baseline"
	}
	return "at most " + draw.FormatQuantity(tolerance, draw.Ratio) + " " + way + " the baseline"
}

// Encode writes the baseline as JSON. The same result gives the same bytes.
func (b *Baseline) Encode() ([]byte, error) {
	out := jsonBaseline{"baseline", baselineFormat, b.Version, b.Scenario, b.Hash, b.Seed, b.Replications, b.Length, map[string]map[string]jsonKept{}}
	for design, metrics := range b.Designs {
		out.Designs[design] = map[string]jsonKept{}
		for name, k := range metrics {
			j := jsonKept{k.Error, make([]*float64, len(k.Values))}
			for i, v := range k.Values {
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					j.Values[i] = &v
				}
			}
			out.Designs[design][name] = j
		}
	}
	text, err := marshal(out)
	if err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	if err := json.Indent(&lines, text, "", " "); err != nil {
		return nil, err
	}
	lines.WriteByte('\n')
	if lines.Len() > MaxBaseline {
		return nil, fmt.Errorf("it would be larger than %d MiB", MaxBaseline>>20)
	}
	return lines.Bytes(), nil
}

// DecodeBaseline reads a baseline, whose content may be anything.
func DecodeBaseline(data []byte) (*Baseline, error) {
	if len(data) > MaxBaseline {
		return nil, fmt.Errorf("it is larger than %d MiB", MaxBaseline>>20)
	}
	var head struct {
		Asynclab string
		Format   int
	}
	if err := json.Unmarshal(data, &head); err != nil || head.Asynclab != "baseline" {
		return nil, errors.New("it is no baseline, or is damaged")
	}
	if head.Format != baselineFormat {
		return nil, fmt.Errorf("its format is %d, and this program reads %d", head.Format, baselineFormat)
	}
	var in jsonBaseline
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if in.Replications < 1 || in.Replications > MaxReplications {
		return nil, fmt.Errorf("it is damaged: %d replications", in.Replications)
	}
	b := &Baseline{in.Version, in.Scenario, in.Hash, in.Seed, in.Replications, in.Length, map[string]map[string]Kept{}}
	for design, metrics := range in.Designs {
		b.Designs[design] = make(map[string]Kept, len(metrics))
		for name, j := range metrics {
			k := Kept{make([]float64, len(j.Values)), j.Error}
			if len(j.Values) != in.Replications || j.Error < 0 || j.Error > maxKept {
				return nil, fmt.Errorf("it is damaged: %s of %s has %d values for %d replications", name, design, len(j.Values), in.Replications)
			}
			for i, v := range j.Values {
				k.Values[i] = math.NaN()
				if v == nil {
					continue
				}
				if k.Values[i] = *v; math.Abs(*v) > maxKept {
					return nil, fmt.Errorf("it is damaged: %s of %s has the value %g", name, design, *v)
				}
			}
			b.Designs[design][name] = k
		}
	}
	return b, nil
}

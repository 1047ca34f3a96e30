package sim

import (
	"bytes"
	"encoding/json"
	"math"
)

// MarshalJSON writes the result in the form that other programs rely on. The
// same seed gives the same bytes, but for engine.wall_seconds and
// engine.events_per_second. A metric is a number, or with replications asked for
// an object of mean, low and high; without samples null. Durations are seconds,
// rates per second, ratios from 0 to 1. Numbers are the shortest that read back
// to the same value.
func (r *Result) MarshalJSON() ([]byte, error) {
	out := jsonResult{
		Scenario: r.Scenario, Version: r.Version, Seed: r.Seed, Replications: r.Replications, Interrupted: r.Interrupted, Currency: r.Currency,
		Designs:      r.jsonDesigns(),
		Expectations: make([]jsonVerdict, 0, len(r.Expectations)),
		Engine:       jsonEngine{r.Engine.Events, jsonNumber(r.Engine.Wall.Seconds()), jsonNumber(r.Engine.Rate())},
	}
	for _, v := range r.Expectations {
		out.Expectations = append(out.Expectations, jsonVerdict{
			Expect: v.Expect, Pass: v.Pass, Inconclusive: v.Inconclusive, Value: jsonNumber(v.Value), Low: jsonNumber(v.Low), High: jsonNumber(v.High),
			Bound: jsonNumber(v.Bound), Margin: jsonEstimate{Mean: jsonNumber(v.Margin.Mean), Low: jsonNumber(v.Margin.Low), High: jsonNumber(v.Margin.High)}, Detail: v.Detail,
		})
	}
	return marshal(out)
}

func (r *Result) jsonDesigns() map[string]jsonDesign {
	out := make(map[string]jsonDesign, len(r.Designs))
	for _, d := range r.Designs {
		jd := jsonDesign{d.Ended, d.Fingerprint, make(map[string]any, len(d.Metrics)), make([]jsonWarning, 0, len(d.Warnings)), jsonFindings(d.Findings), d.Silenced, jsonExplained(d.Explained), jsonFaults(d.Faults), d.MoreFaults, nil}
		for _, w := range d.Warnings {
			jd.Warnings = append(jd.Warnings, jsonWarning{w.ID(), w.Element, w.Text(), w.Do()})
		}
		for _, m := range d.Metrics {
			if !r.Shown.Has(m.Ref) {
				continue
			}
			if r.Asked > 1 {
				e := jsonEstimate{Mean: jsonNumber(m.Mean), Low: jsonNumber(m.Low), High: jsonNumber(m.High)}
				if m.N < r.Replications {
					e.Of = m.N
				}
				jd.Metrics[m.Name] = e
			} else {
				jd.Metrics[m.Name] = jsonNumber(m.Values[0])
			}
		}
		for _, b := range d.Batches {
			if r.Shown.Has(b.Ref) {
				if jd.Batches == nil {
					jd.Batches = map[string]jsonBatches{}
				}
				jd.Batches[b.Ref.String()] = jsonBatches{jsonNumber(b.Mean), jsonNumber(b.Low), jsonNumber(b.High), b.N, jsonNumber(b.Lag1)}
			}
		}
		out[d.Name] = jd
	}
	return out
}

func jsonExplained(all []Latencies) (out []jsonLatencies) {
	each := func(v int64, n int) jsonNumber { return jsonNumber(float64(v) / float64(n) / 1e9) }
	for _, x := range all {
		j := jsonLatencies{Load: x.Load, Operations: x.Operations, Mean: each(x.Total, x.Operations), Slow: x.Slow, SlowFrom: jsonNumber(float64(x.From) / 1e9), SlowMean: each(x.OfSlow, x.Slow)}
		for _, s := range x.Stretches {
			j.Parts = append(j.Parts, jsonStretch{s.Spent.String(), s.Place, each(s.All, x.Operations), each(s.Slow, x.Slow)})
		}
		out = append(out, j)
	}
	return out
}

func jsonFindings(all []Finding) (out []jsonFinding) {
	for _, f := range all {
		j := jsonFinding{Code: f.ID, Element: f.Element, Text: f.Text(), From: jsonNumber(f.From.Seconds()), To: jsonNumber(f.To.Seconds()), In: f.In}
		for _, e := range f.Evidence {
			j.Evidence = append(j.Evidence, jsonEvidence{e.Metric, jsonNumber(e.Value), jsonNumber(e.Threshold)})
		}
		out = append(out, j)
	}
	return out
}

// MarshalJSON writes the comparison in the form that other programs rely on: the
// designs as a result has them, and the differences of each pair. The same seed
// gives the same bytes, whatever the machine and the number of its processors.
func (c *Comparison) MarshalJSON() ([]byte, error) {
	out := jsonComparison{
		Scenario: c.Scenario, Version: c.Version, Seed: c.Seed, Replications: c.Replications, Interrupted: c.Interrupted, Base: c.Base, Currency: c.Currency,
		Designs: c.jsonDesigns(), Pairs: make([]jsonPair, 0, len(c.Pairs)), Spared: make([]jsonSpared, 0, len(c.Spared)), Events: c.Engine.Events,
	}
	for _, s := range c.Spared {
		out.Spared = append(out.Spared, jsonSpared(s))
	}
	for _, p := range c.Pairs {
		jp := jsonPair{p.Base, p.Design, p.Verdict, map[string]jsonDifference{}}
		for i := range p.Differences {
			if d := &p.Differences[i]; d.Ref.Metric == nil || c.Shown.Has(d.Ref) {
				jp.Differences[d.Name] = d.json(c.Replications)
			}
		}
		out.Pairs = append(out.Pairs, jp)
	}
	return marshal(out)
}

func (d *Difference) json(replications int) jsonDifference {
	out := jsonDifference{
		Base: jsonNumber(d.Base), Of: jsonNumber(d.Of), Mean: jsonNumber(d.Mean), Low: jsonNumber(d.Low), High: jsonNumber(d.High),
		Relative: jsonNumber(d.Relative()), Noise: d.Noise(),
		Median: jsonMedian{jsonNumber(d.Median.Value), jsonNumber(d.Median.Low), jsonNumber(d.Median.High)},
	}
	if d.N < replications {
		out.Replications = d.N
	}
	return out
}

type jsonComparison struct {
	Scenario     string                `json:"scenario"`
	Version      string                `json:"version"`
	Seed         uint64                `json:"seed"`
	Replications int                   `json:"replications"`
	Interrupted  bool                  `json:"interrupted,omitempty"`
	Currency     string                `json:"currency,omitempty"`
	Base         string                `json:"base"`
	Spared       []jsonSpared          `json:"spared_faults"`
	Pairs        []jsonPair            `json:"pairs"`
	Designs      map[string]jsonDesign `json:"designs"`
	Events       uint64                `json:"events"`
}

type jsonSpared struct {
	Fault   string   `json:"fault"`
	Designs []string `json:"designs"`
}

type jsonPair struct {
	Base        string                    `json:"base"`
	Design      string                    `json:"design"`
	Verdict     string                    `json:"verdict"`
	Differences map[string]jsonDifference `json:"differences"`
}

type jsonDifference struct {
	Base         jsonNumber `json:"base"`
	Of           jsonNumber `json:"design"`
	Mean         jsonNumber `json:"mean"`
	Low          jsonNumber `json:"low"`
	High         jsonNumber `json:"high"`
	Relative     jsonNumber `json:"relative"`
	Noise        bool       `json:"noise"`
	Median       jsonMedian `json:"median"`
	Replications int        `json:"replications,omitempty"` // where both have samples in fewer than were run
}

type jsonMedian struct {
	Value jsonNumber `json:"value"`
	Low   jsonNumber `json:"low"`
	High  jsonNumber `json:"high"`
}

// marshal leaves "<", ">" and "&" unescaped, because names of metrics have
// arrows.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

type jsonResult struct {
	Scenario     string                `json:"scenario"`
	Version      string                `json:"version"`
	Seed         uint64                `json:"seed"`
	Replications int                   `json:"replications"`
	Interrupted  bool                  `json:"interrupted,omitempty"`
	Currency     string                `json:"currency,omitempty"`
	Designs      map[string]jsonDesign `json:"designs"`
	Expectations []jsonVerdict         `json:"expectations"`
	Engine       jsonEngine            `json:"engine"`
}

type jsonDesign struct {
	Ended       End            `json:"ended"`
	Fingerprint string         `json:"fingerprint"`
	Metrics     map[string]any `json:"metrics"`
	Warnings    []jsonWarning  `json:"warnings"`
	Findings    []jsonFinding  `json:"findings,omitempty"` // causes first; none where nothing happened
	Silenced    int            `json:"silenced,omitempty"`
	// Explained is where latency went, by load; where it was asked for, or an expectation failed.
	Explained []jsonLatencies `json:"explained,omitempty"`
	// Faults are occurrences of faults in the first replication; times are in seconds.
	Faults []jsonFault `json:"faults,omitempty"`
	More   int         `json:"more_faults,omitempty"`
	// Batches are intervals from batches of a single run, of the means that it can give.
	Batches map[string]jsonBatches `json:"batch_means,omitempty"`
}

type jsonFault struct {
	Fault    string     `json:"fault"`
	Kind     string     `json:"kind"`
	From     jsonNumber `json:"from"`
	To       jsonNumber `json:"to"` // null: it lasts to the end
	Affected jsonNumber `json:"affected"`
	Recovery jsonNumber `json:"time_to_recover"`
}

func jsonFaults(all []Episode) (out []jsonFault) {
	for _, e := range all {
		f := jsonFault{e.Fault, e.Kind, jsonNumber(e.From.Seconds()), jsonNumber(math.NaN()), jsonNumber(e.Affected), jsonNumber(e.Recovery)}
		if e.To >= 0 {
			f.To = jsonNumber(e.To.Seconds())
		}
		out = append(out, f)
	}
	return out
}

type jsonBatches struct {
	Mean    jsonNumber `json:"mean"`
	Low     jsonNumber `json:"low"`
	High    jsonNumber `json:"high"`
	Batches int        `json:"batches"`
	Lag1    jsonNumber `json:"lag1"`
}

type jsonWarning struct {
	Code    string `json:"code"`
	Element string `json:"element"`
	Text    string `json:"text"`
	Hint    string `json:"hint"`
}

type jsonLatencies struct {
	Load       string        `json:"load"`
	Operations int           `json:"operations"`
	Mean       jsonNumber    `json:"mean"`
	Slow       int           `json:"slow"`      // operations at or beyond the p99
	SlowFrom   jsonNumber    `json:"slow_from"` // s
	SlowMean   jsonNumber    `json:"slow_mean"`
	Parts      []jsonStretch `json:"parts"` // add up to mean and slow_mean
}

type jsonStretch struct {
	Spent string     `json:"spent"`
	Place string     `json:"place"`
	Mean  jsonNumber `json:"mean"`
	Slow  jsonNumber `json:"slow_mean"`
}

type jsonFinding struct {
	Code     string         `json:"code"`
	Element  string         `json:"element"`
	Text     string         `json:"text"`
	From     jsonNumber     `json:"from"`
	To       jsonNumber     `json:"to"`
	In       int            `json:"replications,omitempty"` // that have it, where others have not
	Evidence []jsonEvidence `json:"evidence"`
}

type jsonEvidence struct {
	Metric    string     `json:"metric"`
	Value     jsonNumber `json:"value"`
	Threshold jsonNumber `json:"threshold"` // beyond which it counts, or what it was before; null: none
}

type jsonEstimate struct {
	Mean jsonNumber `json:"mean"`
	Low  jsonNumber `json:"low"`
	High jsonNumber `json:"high"`
	Of   int        `json:"replications,omitempty"` // where it has samples in fewer than were run
}

type jsonVerdict struct {
	Expect       string       `json:"expect"`
	Pass         bool         `json:"pass"`
	Inconclusive bool         `json:"inconclusive,omitempty"`
	Value        jsonNumber   `json:"value"`
	Low          jsonNumber   `json:"low"` // of the value; null in one replication
	High         jsonNumber   `json:"high"`
	Bound        jsonNumber   `json:"bound"`
	Margin       jsonEstimate `json:"margin"` // of the value over the bound
	Detail       string       `json:"detail,omitempty"`
}

type jsonEngine struct {
	Events    uint64     `json:"events"`
	Wall      jsonNumber `json:"wall_seconds"`
	PerSecond jsonNumber `json:"events_per_second"`
}

// jsonNumber is a number that is written as null if it is not finite.
type jsonNumber float64

func (n jsonNumber) MarshalJSON() ([]byte, error) {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	if f == 0 {
		f = 0 // not -0
	}
	return json.Marshal(f)
}

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
		Scenario: r.Scenario, Version: r.Version, Seed: r.Seed, Replications: r.Replications, Interrupted: r.Interrupted,
		Designs:      make(map[string]jsonDesign, len(r.Designs)),
		Expectations: make([]jsonVerdict, 0, len(r.Expectations)),
		Engine:       jsonEngine{r.Engine.Events, jsonNumber(r.Engine.Wall.Seconds()), jsonNumber(r.Engine.Rate())},
	}
	for _, d := range r.Designs {
		jd := jsonDesign{d.Ended, d.Fingerprint, make(map[string]any, len(d.Metrics)), make([]jsonWarning, 0, len(d.Warnings)), d.Silenced}
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
		out.Designs[d.Name] = jd
	}
	for _, v := range r.Expectations {
		out.Expectations = append(out.Expectations, jsonVerdict{v.Expect, v.Pass, v.Inconclusive, jsonNumber(v.Value), v.Detail})
	}
	return marshal(out)
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
	Designs      map[string]jsonDesign `json:"designs"`
	Expectations []jsonVerdict         `json:"expectations"`
	Engine       jsonEngine            `json:"engine"`
}

type jsonDesign struct {
	Ended       End            `json:"ended"`
	Fingerprint string         `json:"fingerprint"`
	Metrics     map[string]any `json:"metrics"`
	Warnings    []jsonWarning  `json:"warnings"`
	Silenced    int            `json:"silenced,omitempty"`
}

type jsonWarning struct {
	Code    string `json:"code"`
	Element string `json:"element"`
	Text    string `json:"text"`
	Hint    string `json:"hint"`
}

type jsonEstimate struct {
	Mean jsonNumber `json:"mean"`
	Low  jsonNumber `json:"low"`
	High jsonNumber `json:"high"`
	Of   int        `json:"replications,omitempty"` // where it has samples in fewer than were run
}

type jsonVerdict struct {
	Expect       string     `json:"expect"`
	Pass         bool       `json:"pass"`
	Inconclusive bool       `json:"inconclusive,omitempty"`
	Value        jsonNumber `json:"value"`
	Detail       string     `json:"detail,omitempty"`
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

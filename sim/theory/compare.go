package theory

import (
	"fmt"
	"math"
)

// Line is a prediction beside what was measured. Measured, Low and High are the mean of
// the replications and its 95 % interval (NaN with one); Off is the difference in
// standard errors (NaN with one), Share the difference relative to the prediction.
type Line struct {
	Prediction
	Measured, MeasuredLow, MeasuredHigh float64
	Off, Share                          float64
	Verdict                             string
}

// The verdicts.
const (
	Agrees     = "agrees"       // within 4 standard errors, or 0.5 %, the error of a histogram
	Differs    = "differs"      // farther off, where the model is exact
	Near       = "near"         // an approximation, at most 10 % off
	FarOff     = "far off"      // an approximation, farther off
	Within     = "within"       // the bounds hold
	Outside    = "outside"      // a bound does not hold
	OneRun     = "one run"      // no interval
	NoSamples  = "not measured" // no samples, or no such metric
	TooShort   = "too short"    // the run is too short for its start to be forgotten
	TooRough   = "too rough"    // it agrees with nearly anything: 4 standard errors are more than 30 % of it
	TooRare    = "too rare"     // the run is too short to have seen what it comes from
	sameEnough = 0.005
)

// Part is a finding beside what was measured.
type Part struct {
	*Finding
	Lines []Line
	Short string // why the run is too short to be compared; ""
}

// Window is how long a design was measured, in seconds; 0 unknown.
type Window struct{ Warmup, Measured float64 }

// Estimate is a metric's mean over n replications with its 95 % interval and standard
// error, NaN with one.
type Estimate struct {
	Mean, Low, High, Error float64
	N                      int
}

// Compare puts predictions beside measurements; measured looks a metric up.
func Compare(findings []Finding, w Window, measured func(metric string) (Estimate, bool)) []Part {
	parts := make([]Part, len(findings))
	for i := range findings {
		p := &parts[i]
		p.Finding = &findings[i]
		p.Short = w.short(p.Memory)
		for _, q := range p.Predictions {
			e, ok := measured(q.Metric)
			p.Lines = append(p.Lines, judge(q, e, ok, p.Short != "", w.Measured))
		}
	}
	return parts
}

// short says that a run is too short: what it starts with must be forgotten by the end of
// the warm-up, or be little beside the window.
func (w Window) short(memory float64) string {
	if memory == 0 || w.Measured == 0 || w.Warmup >= 3*memory && w.Measured >= 20*memory || w.Measured >= 1000*memory {
		return ""
	}
	return fmt.Sprintf("it takes about %s to forget its start: a warm-up of %s and a measured time of %s or more would do",
		seconds(memory), seconds(3*memory), seconds(20*memory))
}

func seconds(t float64) string {
	switch {
	case t < 1:
		return fmt.Sprintf("%.3gms", t*1000)
	case t < 120:
		return fmt.Sprintf("%.3gs", t)
	case t < 7200:
		return fmt.Sprintf("%.3gmin", t/60)
	}
	return fmt.Sprintf("%.3gh", t/3600)
}

func judge(q Prediction, e Estimate, ok, short bool, measured float64) Line {
	l := Line{Prediction: q, Measured: math.NaN(), MeasuredLow: math.NaN(), MeasuredHigh: math.NaN(), Off: math.NaN(), Share: math.NaN(), Verdict: NoSamples}
	if !ok || e.N == 0 {
		return l
	}
	l.Measured, l.MeasuredLow, l.MeasuredHigh = e.Mean, e.Low, e.High
	if q.Kind == Bound {
		slack := sameEnough * math.Abs(e.Mean)
		if e.N > 1 {
			slack += 4 * e.Error
		}
		l.Verdict = Within
		if q.Low > e.Mean+slack || q.High < e.Mean-slack {
			l.Verdict = Outside
		}
		return l
	}
	diff := e.Mean - q.Value
	if q.Value != 0 {
		l.Share = diff / math.Abs(q.Value)
	}
	same, rough := math.Abs(diff) <= sameEnough*math.Abs(q.Value), false
	if e.N > 1 {
		if e.Error > 0 {
			l.Off = diff / e.Error
		}
		rough = !same && 4*e.Error > 0.3*math.Abs(q.Value)
		same = same || math.Abs(diff) <= 4*e.Error
	}
	switch {
	case same && rough:
		l.Verdict = TooRough
	case same:
		l.Verdict = Agrees
	case short:
		l.Verdict = TooShort
	case q.Rate > 0 && measured > 0 && q.Rate*measured*float64(e.N) < 100:
		l.Verdict = TooRare
	case q.Kind == Approximation && math.Abs(l.Share) <= 0.1:
		l.Verdict = Near
	case q.Kind == Approximation:
		l.Verdict = FarOff
	case e.N == 1:
		l.Verdict = OneRun
	default:
		l.Verdict = Differs
	}
	return l
}

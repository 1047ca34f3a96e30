package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"asynclab/lessons"
	"asynclab/sim/draw"
)

// guess notes a predicted number, "250 ms sure"; false if it is none.
func (p *play) guess(line, unit string) bool {
	text, sure := strings.CutSuffix(line, " sure")
	value, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, unit)), 64)
	if err == nil {
		err = p.player.Predict(lessons.Guess{Choice: -1, Value: value, Sure: sure}, time.Now())
	}
	if err != nil {
		p.tell("  ", playWords, "not", text)
		return false
	}
	return true
}

// act sends the student's own operation, and tells what came of it.
func (p *play) act(a *lessons.Activity) error {
	if _, err := p.run(a, nil); err != nil {
		return err
	}
	tries := p.player.Tries(a)
	for _, came := range a.Came(tries[len(tries)-1], p.lang) {
		p.put("  ", "  ", came)
	}
	p.gap()
	return nil
}

// curve takes a drawn curve, and compares it with that of the run.
func (p *play) curve(a *lessons.Activity, line string) error {
	line, sure := strings.CutSuffix(line, " sure")
	points, err := a.ReadPoints(line)
	if err == nil {
		err = p.player.Predict(lessons.Guess{Points: points, Sure: sure}, time.Now())
	}
	if err != nil {
		p.inset(err.Error())
		return nil
	}
	run, err := a.Run(p.a.Context, p.l, nil)
	if err != nil {
		return p.ended(err)
	}
	v := p.player.Finished(run, time.Now())
	p.said(v.Right, lessons.Text{{Text: fmt.Sprintf(playWords[p.lang]["away"], 100*v.Truth, a.Sketch(run))}})
	return nil
}

// sweep takes a predicted number, makes the sweep, and tells where it turns.
func (p *play) sweep(a *lessons.Activity, line string) error {
	if !p.guess(line, a.Sweep.Unit) {
		return nil
	}
	all, err := a.Swept(p.a.Context, p.l, nil)
	if err != nil {
		return p.ended(err)
	}
	for _, one := range all {
		id := "fails"
		if one.Pass {
			id = "holds"
		}
		p.tell("  ", playWords, id, one.Text, draw.FormatQuantity(one.Outcome.Value, one.Unit))
	}
	v := p.player.Swept(all, time.Now())
	tries := p.player.Tries(a)
	p.said(v.Right, lessons.Text{{Text: fmt.Sprintf(playWords[p.lang]["turns"], tries[len(tries)-1].Said)}})
	return nil
}

// spread tells between which values a predicted number lies with the seeds of the step.
func (p *play) spread(a *lessons.Activity) error {
	low, high, ok, err := a.Spread(p.a.Context, p.l)
	if err != nil || !ok {
		return p.ended(err)
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
	p.tell("  ", playWords, "seeds", a.Setup().Seeds, number(low), number(high), a.Number.Unit)
	p.gap()
	return nil
}

// ended is the error of a run; one that was cancelled ends the lesson.
func (p *play) ended(err error) error {
	if err != nil && p.a.Context.Err() != nil {
		return errLeave
	}
	return err
}

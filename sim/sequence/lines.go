package sequence

import (
	"cmp"
	"slices"
	"time"

	"asynclab/sim/record"
)

// The texts of lines of a trace.
var (
	callSpan     = record.Word{ID: "span.call", English: "call %s"}
	publishSpan  = record.Word{ID: "span.publish", English: "publish %s"}
	attemptSpan  = record.Word{ID: "span.attempt", English: ", attempt %d"}
	deliverySpan = record.Word{ID: "span.delivery", English: ", delivery %d"}
	sentSpan     = record.Word{ID: "span.sent", English: ", sent"}
	openSpan     = record.Word{ID: "span.open", English: ", open"}
	outcomeSpan  = record.Word{ID: "span.outcome", English: ", %s"}
)

// Line is a span as it is shown, or a call together with the task that it brought about.
type Line struct {
	Name     string // with what is unusual about it
	Depth    int    // in the tree of spans
	From, To time.Duration
	Parts    []Part
	Critical []Part // its stretches of the critical path
	Trace    int
	Begins   bool   // a trace
	After    string // what brought that about; "" if that is not known
}

// Lines makes lines of spans.
func (t *Trace) Lines(v record.Voice) (lines []Line) {
	depth := make([]int, len(t.Spans))
	in := make([]int, 0, len(t.Spans)) // the line that each span is in
	for i := range t.Spans {
		x := &t.Spans[i]
		if x.Parent >= 0 {
			depth[i] = depth[x.Parent] + 1
			if p := &t.Spans[x.Parent]; x.Kind == TaskSpan && p.Kind == CallSpan {
				l := &lines[in[x.Parent]]
				depth[i] = depth[x.Parent]
				l.Name = x.told(p, v)
				l.Parts, l.To = append(l.Parts, x.Parts...), max(l.To, x.To)
				in = append(in, in[x.Parent])
				continue
			}
		}
		l := Line{Name: x.told(x, v), Depth: depth[i], From: x.From, To: x.To, Parts: slices.Clone(x.Parts), Trace: x.Trace, Begins: x.Parent < 0}
		if l.Begins && x.Cause >= 0 {
			l.After = t.Spans[x.Cause].Name
		}
		in = append(in, len(lines))
		lines = append(lines, l)
	}
	for _, c := range t.critical() {
		l := &lines[in[c.span]]
		l.Critical = append(l.Critical, Part{From: c.from, To: c.to})
	}
	return lines
}

// told names a span, and says what is unusual about it and the call that it answers.
func (x *TraceSpan) told(call *TraceSpan, v record.Voice) string {
	name := x.Name
	switch x.Kind {
	case PublishSpan:
		name = v.Sayf(publishSpan, name)
	case CallSpan:
		name = v.Sayf(callSpan, name)
	case OperationSpan, TaskSpan, QueueSpan:
	}
	switch {
	case call.Kind == CallSpan && call.Try > 1:
		name += v.Sayf(attemptSpan, call.Try)
	case x.Kind == QueueSpan && x.Try > 1:
		name += v.Sayf(deliverySpan, x.Try)
	}
	if call.Kind == CallSpan && !call.Waits {
		name += v.Sayf(sentSpan)
	}
	if x.Kind != OperationSpan {
		if x.Outcome != "" {
			name += v.Sayf(outcomeSpan, x.Outcome)
		} else if call.Outcome != "" {
			name += v.Sayf(outcomeSpan, call.Outcome)
		}
		if x.Open {
			name += v.Sayf(openSpan)
		}
	}
	return name
}

// stretch is a part of the critical path.
type stretch struct {
	span     int
	from, to time.Duration
}

// critical is the critical path of the operation: the chain of spans without any of which
// it would have ended earlier, from its end back to its arrival. Within a span the path
// goes through the last of what it waited for; a message that nobody waits for is on it
// only where it brought about what ended the operation.
func (t *Trace) critical() (path []stretch) {
	if len(t.Spans) == 0 {
		return nil
	}
	waited := make([][]int, len(t.Spans)) // of each span, those below it whose end it waits for
	for i := 1; i < len(t.Spans); i++ {
		x := &t.Spans[i]
		if x.Cause >= 0 && (x.Waits || x.Kind == TaskSpan && t.Spans[x.Cause].Kind == CallSpan) {
			waited[x.Cause] = append(waited[x.Cause], i)
		}
	}
	for _, w := range waited {
		slices.SortFunc(w, func(a, b int) int { return cmp.Or(cmp.Compare(t.Spans[b].To, t.Spans[a].To), b-a) })
	}
	at, now := 0, t.Spans[0].To
	add := func(from time.Duration) {
		if from < now {
			path = append(path, stretch{at, from, now})
		}
		now = min(now, from)
	}
	if last := t.ending(); last > 0 {
		add(t.Spans[last].To)
		at = last
	}
	for at >= 0 {
		x := &t.Spans[at]
		next := slices.IndexFunc(waited[at], func(i int) bool { return t.Spans[i].To <= now && t.Spans[i].From < now })
		if next < 0 {
			add(x.From)
			at = x.Cause
			continue
		}
		below := waited[at][next]
		add(t.Spans[below].To)
		at, waited[at] = below, waited[at][next+1:]
	}
	slices.Reverse(path)
	return path
}

// ending is the span whose end is that of the operation: the last that ends then, or,
// where the operation ends by something else, the last to end before.
func (t *Trace) ending() (best int) {
	for i := 1; i < len(t.Spans); i++ {
		x, b := &t.Spans[i], &t.Spans[best]
		if x.To > t.Spans[0].To || x.Kind == QueueSpan || x.Open {
			continue
		}
		if best == 0 || x.To > b.To || x.To == b.To && x.From >= b.From {
			best = i
		}
	}
	return best
}

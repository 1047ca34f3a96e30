package sequence

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// TextOptions say how a diagram is written for a terminal.
type TextOptions struct {
	ASCII bool         // only the characters that every terminal has
	Voice record.Voice // English if nil
}

// Text writes the diagram for a terminal. A message stands on a line of its own
// at the moment when it arrived, with the time it took; what happened at a
// participant stands beside its line.
//
//	            shoppers       shop
//	0 s             ▯            │
//	20.1 ms         ▯──request──▶█   (20.1 ms)
func Text(w io.Writer, d *Diagram, o TextOptions) error {
	t := &texter{d: d, voice: o.Voice, signs: unicodeSigns}
	if o.ASCII {
		t.signs = asciiSigns
	}
	t.columns()
	out := bufio.NewWriter(w)
	t.heads(out)
	t.body(out)
	t.legend(out)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sequence: write text: %w", err)
	}
	return nil
}

type signs struct {
	state                 [3]rune // waits, works, blocked
	life, left, right     rune
	cross, more           rune
	solid, dashed, dotted rune
}

var (
	unicodeSigns = signs{state: [3]rune{'░', '█', '▯'}, life: '│', left: '◀', right: '▶', cross: '✗', more: '…', solid: '─', dashed: '╌', dotted: '┄'}
	asciiSigns   = signs{state: [3]rune{':', '#', 'o'}, life: '|', left: '<', right: '>', cross: 'X', more: '~', solid: '-', dashed: '-', dotted: '.'}
)

type texter struct {
	d     *Diagram
	voice record.Voice
	signs signs
	at    []int // column of each lane
	times int   // width of the column of times
	width int
}

// columns places the lanes so that what is written between two fits.
func (t *texter) columns() {
	d := t.d
	for i := range d.Moments {
		t.times = max(t.times, topology.Columns(Clock(d.Since(i))))
	}
	gap := make([]int, len(d.Lanes))
	for i := range d.Lanes {
		gap[i] = 12
		if i+1 < len(d.Lanes) {
			gap[i] = max(gap[i], (topology.Columns(d.Lanes[i].Label)+topology.Columns(d.Lanes[i+1].Label))/2+3)
		}
	}
	for _, m := range d.Messages {
		if left := min(m.From, m.To); max(m.From, m.To) == left+1 {
			gap[left] = max(gap[left], min(topology.Columns(m.label(t.voice))+5, 34))
		}
	}
	x := t.times + 2
	if len(d.Lanes) > 0 {
		x += topology.Columns(d.Lanes[0].Label)/2 + 1
	}
	for i := range d.Lanes {
		t.at = append(t.at, x)
		t.width = x + topology.Columns(d.Lanes[i].Label)/2 + 2
		x += gap[i]
	}
}

// line is one line of output: a cell for each column. A wide character takes
// the next cell too, which is then 0.
type line []rune

func (l line) put(x int, text string) {
	for _, r := range text {
		w := topology.Columns(string(r))
		if x < 0 || x+w > len(l) || w == 0 {
			continue
		}
		l[x] = r
		for k := 1; k < w; k++ {
			l[x+k] = 0
		}
		x += w
	}
}

func (l line) String() string {
	var b strings.Builder
	for _, r := range l {
		if r != 0 {
			b.WriteRune(r)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (t *texter) blank() line {
	l := make(line, t.width)
	for i := range l {
		l[i] = ' '
	}
	return l
}

func (t *texter) heads(out io.Writer) {
	l := t.blank()
	for i, lane := range t.d.Lanes {
		l.put(t.at[i]-topology.Columns(lane.Label)/2, lane.Label)
	}
	fmt.Fprintln(out, l)
}

// lifelines are the lines of the participants as they are from a moment on.
func (t *texter) lifelines(moment int) line {
	l := t.blank()
	for i := range t.d.Lanes {
		l[t.at[i]] = t.signs.life
	}
	for _, b := range t.d.Bars {
		if b.From <= moment && (moment < b.To || b.Open) {
			l[t.at[b.Lane]] = t.signs.state[b.State]
		}
	}
	return l
}

// body writes the moments: what arrives, what happens, and how things are then.
func (t *texter) body(out io.Writer) {
	d := t.d
	last := len(d.Moments) - 1
	shown := ""
	for at := range d.Moments {
		clock := fmt.Sprintf("%*s", t.times, Clock(d.Since(at)))
		if clock == shown {
			clock = ""
		} else {
			shown = clock
		}
		write := func(l line, beside string) {
			l.put(0, clock)
			clock = ""
			text := l.String()
			if beside != "" {
				text += strings.Repeat(" ", max(t.width-topology.Columns(text), 1)) + beside
			}
			fmt.Fprintln(out, strings.TrimRight(text, " "))
		}
		if at == 0 {
			write(t.lifelines(0), t.notes(0))
		}
		for _, m := range d.Messages {
			if t.shown(m) == at && m.Fate != record.InFlight {
				l := t.lifelines(at)
				write(l, t.message(l, m))
			}
		}
		if notes := t.notes(at); notes != "" && at > 0 {
			write(t.lifelines(at), notes)
		}
		if at == last {
			for _, m := range d.Messages {
				if m.Fate == record.InFlight {
					l := t.lifelines(at)
					write(l, t.message(l, m))
				}
			}
		}
		if clock != "" {
			write(t.lifelines(at), "")
		}
	}
	if d.Cut {
		fmt.Fprintln(out, t.voice.Say(cutWord))
	}
}

// shown is the moment at whose line a message stands: when it arrived, or was
// sent in vain.
func (t *texter) shown(m Message) int {
	if m.Fate == record.Lost {
		return m.Sent
	}
	return m.Arrived
}

func (t *texter) notes(at int) string {
	var parts []string
	for _, n := range t.d.Notes {
		if n.At == at {
			parts = append(parts, t.d.Lanes[n.Lane].Label+": "+n.label(t.voice))
		}
	}
	return strings.Join(parts, "; ")
}

// message draws an arrow into a line, and returns what is said beside it.
func (t *texter) message(l line, m Message) string {
	text := m.label(t.voice)
	beside := ""
	if passed := t.d.Moments[m.Arrived] - t.d.Moments[m.Sent]; passed > 0 && m.Fate != record.Lost && m.Fate != record.InFlight {
		beside = "(" + Span(passed) + ")"
	}
	if m.From == m.To {
		return strings.TrimSpace(t.d.Lanes[m.From].Label + " ↻ " + text + " " + beside)
	}
	from, to := t.at[m.From], t.at[m.To]
	left, right := min(from, to)+1, max(from, to)-1
	stroke := t.signs.solid
	switch m.Class.Mark().Stroke() {
	case record.Dashed:
		stroke = t.signs.dashed
	case record.Dotted:
		stroke = t.signs.dotted
	case record.Solid:
	}
	for x := left; x <= right; x++ {
		l[x] = stroke
	}
	end, head := right, t.signs.right
	if to < from {
		end, head = left, t.signs.left
	}
	switch m.Fate {
	case record.Lost, record.InFlight:
		half := (left + right) / 2
		for x := left; x <= right; x++ {
			if to > from && x > half || to < from && x < half {
				l[x] = ' '
			}
		}
		end, head = half, t.signs.cross
		if m.Fate == record.InFlight {
			head = t.signs.more
		}
		l[end] = head
		return text
	case record.Corrupted, record.Refused:
		head = t.signs.cross
	case record.Arrived:
	}
	l[end] = head
	room := right - left - 1
	w := topology.Columns(text)
	if w > room-2 {
		return strings.TrimSpace(text + " " + beside)
	}
	l.put(left+(right-left+1-w)/2, text)
	return beside
}

func (t *texter) legend(out io.Writer) {
	var seen [3]bool
	for _, b := range t.d.Bars {
		seen[b.State] = true
	}
	var keys []string
	for state, word := range stateWords {
		if seen[state] {
			keys = append(keys, string(t.signs.state[state])+" "+t.voice.Say(word))
		}
	}
	if len(keys) > 0 {
		fmt.Fprintf(out, "\n%s\n", strings.Join(keys, "   "))
	}
}

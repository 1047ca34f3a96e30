package expect

import (
	"fmt"

	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// dim is the unit of an expression: powers of seconds and of bytes. Shares and
// plain numbers have the same powers and mix freely; ratio only decides how a
// value is written. any fits everywhere: a zero, or a metric not looked up yet.
type dim struct {
	seconds, bytes int16
	ratio, any     bool
}

func dimOf(u draw.Unit) dim {
	switch u {
	case draw.Seconds:
		return dim{seconds: 1}
	case draw.PerSecond:
		return dim{seconds: -1}
	case draw.Bytes:
		return dim{bytes: 1}
	case draw.BytesPerSecond:
		return dim{bytes: 1, seconds: -1}
	case draw.Ratio:
		return dim{ratio: true}
	}
	return dim{}
}

// unit is the unit in which a value of this dimension is shown; None if package
// draw has no unit for it.
func (d dim) unit() draw.Unit {
	for _, u := range []draw.Unit{draw.Seconds, draw.PerSecond, draw.Bytes, draw.BytesPerSecond, draw.Ratio} {
		if d == dimOf(u) {
			return u
		}
	}
	return draw.None
}

func (d dim) String() string {
	switch d.unit() {
	case draw.Seconds:
		return "a time"
	case draw.PerSecond:
		return "a rate"
	case draw.Bytes:
		return "a size"
	case draw.BytesPerSecond:
		return "a bandwidth"
	case draw.Ratio:
		return "a share"
	}
	if d.seconds == 0 && d.bytes == 0 {
		return "a plain number"
	}
	return fmt.Sprintf("a number in s^%d B^%d", d.seconds, d.bytes)
}

func (d dim) same(o dim) bool {
	return d.any || o.any || d.seconds == o.seconds && d.bytes == o.bytes
}

// join is the unit of the sum of two values.
func (d dim) join(o dim) dim {
	if d.any {
		return o
	}
	if !o.any {
		d.ratio = d.ratio && o.ratio
	}
	return d
}

// checkDims checks the units of the whole line, given those of its metrics.
func (e *Expectation) checkDims(refs []dim) *Error {
	left, err := e.left.dim(refs)
	if err != nil {
		return err
	}
	right, err := e.right.dim(refs)
	if err != nil {
		return err
	}
	if !left.same(right) {
		return misfit(e.right, "compare", left, "with", right)
	}
	if e.extra == nil {
		return nil
	}
	extra, err := e.extra.dim(refs)
	if err != nil {
		return err
	}
	if e.cmp == within && extra.ratio {
		return nil
	}
	if e.cmp == within && extra.seconds == 0 && extra.bytes == 0 && !extra.any && e.extra.op == '#' && !left.same(extra) {
		return mistake(e.extra.at, "write 2% for a share, or the unit of the value", "the tolerance is %v, and the value is %v", extra, left)
	}
	if !left.any {
		right = left
	}
	if e.cmp == between && !right.same(extra) {
		return misfit(e.extra, "compare", right, "with", extra)
	}
	if !left.same(extra) {
		return misfit(e.extra, "compare", left, "with", extra)
	}
	return nil
}

// dim is the unit of an expression.
func (n *node) dim(refs []dim) (dim, *Error) {
	switch n.op {
	case '#':
		return n.unit, nil
	case '$':
		return refs[n.ref], nil
	}
	out, err := n.args[0].dim(refs)
	if err != nil {
		return dim{}, err
	}
	for _, a := range n.args[1:] {
		d, err := a.dim(refs)
		if err != nil {
			return dim{}, err
		}
		switch n.op {
		case '*':
			out = out.product(d, 1)
		case '/':
			out = out.product(d, -1)
		default:
			if !out.same(d) {
				return dim{}, misfit(a, verbs[n.op], out, "and", d)
			}
			out = out.join(d)
		}
	}
	return out, nil
}

var verbs = map[byte]string{'+': "add", '-': "subtract", 'm': "take the minimum of", 'M': "take the maximum of"}

func (d dim) product(o dim, sign int16) dim {
	if d.any || o.any {
		return dim{any: true}
	}
	// A share of a share is a share; a share of a count is a count.
	return dim{seconds: d.seconds + sign*o.seconds, bytes: d.bytes + sign*o.bytes, ratio: sign > 0 && d.ratio && o.ratio}
}

func misfit(n *node, verb string, a dim, joint string, b dim) *Error {
	hint := spell.Textf("both sides have the same unit")
	if n.op == '#' && b.seconds == 0 && b.bytes == 0 {
		switch a.unit() {
		case draw.Seconds:
			hint = spell.Textf("write a unit, such as 2s or 200ms")
		case draw.PerSecond:
			hint = spell.Textf("write a unit, such as 50/s")
		case draw.Bytes:
			hint = spell.Textf("write a unit, such as 2MB")
		case draw.BytesPerSecond:
			hint = spell.Textf("write a unit, such as 2MB/s")
		}
	}
	return mistake(n.at, hint, "cannot %s %v %s %v", verb, a, joint, b)
}

package control

import (
	"fmt"
	"slices"
	"testing"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
)

func TestFilter(t *testing.T) {
	entry := func(kind engine.RecordKind, op uint64, node, to, queue string) Entry {
		return Entry{Entry: sequence.Entry{Record: engine.Record{Kind: kind, Op: op, Queue: -1}, NodeName: node, ToName: to, QueueName: queue}}
	}
	log := []Entry{
		entry(engine.OpArrived, 1, "shoppers", "", ""),
		entry(engine.MsgSent, 1, "shoppers", "shop", ""),
		entry(engine.MsgLost, 1, "shoppers", "shop", ""),
		entry(engine.MsgSent, 2, "shop", "bus", "bus/placed"),
		entry(engine.MsgSent, 2, "bus", "pay", "bus/placed/pay"),
		entry(engine.TaskEnded, 2, "pay", "", ""),
		entry(engine.OpConfirmed, 2, "shoppers", "", ""),
		entry(engine.FaultBegan, 0, "pay", "", ""),
		entry(engine.Changed, 0, "", "", ""),
	}
	log[5].Cause = design.Error
	log = append(log, log[1])
	log[9].Resend = true
	log[9].Lane = 1
	says := func(e *Entry) string { return fmt.Sprintf("%s → %s OPERATION %d", e.NodeName, e.ToName, e.Op) }
	for _, c := range []struct {
		name   string
		filter Filter
		want   []int
	}{
		{"all", Filter{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"words in any order and case", Filter{Text: " 1  Shoppers operation"}, []int{0, 1, 2, 9}},
		{"no such word", Filter{Text: "mars"}, nil},
		{"accepted", Filter{Groups: GroupSet(0).With(record.Good, true)}, []int{6}},
		{"failed or lost", Filter{Groups: GroupSet(0).With(record.Failure, true).With(record.Loss, true)}, []int{2, 5}},
		{"again", Filter{Groups: GroupSet(0).With(record.Repetition, true)}, []int{9}},
		{"faults and changes", Filter{Groups: GroupSet(0).With(record.Fault, true).With(record.Change, true)}, []int{7, 8}},
		{"unchecked again", Filter{Groups: GroupSet(0).With(record.Loss, true).With(record.Loss, false)}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"an element", Filter{Element: "pay"}, []int{4, 5, 7}},
		{"a topic and its subscriptions", Filter{Element: "bus/placed"}, []int{3, 4}},
		{"a broker", Filter{Element: "bus"}, []int{3, 4}},
		{"an operation of a lane", Filter{Op: 1}, []int{0, 1, 2}},
		{"the same one in another", Filter{Op: 1, Lane: 1}, []int{9}},
		{"all at once", Filter{Op: 2, Element: "pay", Text: "bus"}, []int{4}},
	} {
		if got := c.filter.Select(log, says); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

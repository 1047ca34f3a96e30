package record

import (
	"fmt"
	"strings"
	"testing"
)

// Whatever can be classified has a stable id, words and a group with a name; a
// message has a mark that the legend tells, a bad event or fate too.
func TestEverythingIsDeclared(t *testing.T) {
	used := [NumMarks]bool{}
	for i, c := range Classes {
		if c.ID() == "" || c.Say(nil, InFlight, Word{}) == "" || c.Label(nil, InFlight, Word{}) == "" || c.Group().Name(nil) == "" {
			t.Errorf("class %d lacks its id, words or group", i)
		}
		if c.IsMessage() && c.Mark() == NoMark {
			t.Errorf("%s has no mark", c.ID())
		}
		if c.IsMessage() != strings.HasPrefix(c.ID(), "message.") {
			t.Errorf("%s is a message: %v", c.ID(), c.IsMessage())
		}
		used[c.Mark()] = true
	}
	for f := Arrived; f < numFates; f++ {
		if fates[f].word.ID == "" || f.Bad() != (f.Mark() != NoMark) || f.Bad() != News(Request, f).Bad() {
			t.Errorf("fate %d: %+v", f, fates[f])
		}
		used[f.Mark()] = true
	}
	names := map[string]Mark{}
	for _, m := range append(MessageMarks(), TroubleMarks()...) {
		name := m.Name(nil)
		if other, ok := names[name]; ok || name == "" || m.ID() == "" || !used[m] {
			t.Errorf("mark %d is %q, as mark %d; used: %v", m, name, other, used[m])
		}
		names[name] = m
	}
	if len(names) != int(NumMarks)-1 {
		t.Errorf("a legend has %d of %d marks", len(names), NumMarks-1)
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, w := range Words() {
		if before, ok := seen[w.ID]; ok || w.ID == "" || w.English == "" {
			t.Errorf("%q is %q and %q", w.ID, before, w.English)
		}
		seen[w.ID] = w.English
	}
}

// No group is without a class or fate.
func TestEveryGroupIsUsed(t *testing.T) {
	used := [NumGroups]bool{}
	for _, c := range Classes {
		for f := range numFates {
			used[News(c, f)] = true
		}
	}
	for g, ok := range used {
		if !ok {
			t.Errorf("nothing is in the group %q", Group(g).Name(nil))
		}
	}
}

func TestSentences(t *testing.T) {
	timeout, failed := Word{"cause.timeout", "timeout"}, Word{"cause.error", "error"}
	shout := func(id, english string) string {
		if strings.Contains(english, "%") {
			return english
		}
		return strings.ToUpper(english)
	}
	for _, c := range []struct {
		got, want string
	}{
		{Ack.Say(nil, InFlight, Word{}), "acknowledgement"},
		{Ack.Label(nil, Arrived, Word{}), "ack"},
		{Ack.Say(nil, Arrived, Word{}), "acknowledgement (arrived)"},
		{ErrorReply.Say(nil, Lost, timeout), "error reply: timeout (lost)"},
		{ErrorReply.Label(nil, Refused, failed), "error (refused)"},
		{Request.Say(nil, Refused, timeout), "request (refused)"},
		{FaultBegan.Say(nil, InFlight, Word{English: "crash pay"}), "fault begins: crash pay"},
		{OperationFailed.Say(shout, InFlight, timeout), "FAILED: TIMEOUT"},
		{FaultEnded.Say(shout, InFlight, Word{English: "crash pay"}), "FAULT ENDS: crash pay"},
		{MarkAck.Name(nil), "acknowledgement (ack), confirm"},
		{MarkRetry.Name(nil), "retry, redelivery"},
		{MarkLost.Name(nil), "lost, corrupted"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A cancel was drawn as a negative acknowledgement.
func TestCancelIsNoNack(t *testing.T) {
	if Cancel.Mark() == Nack.Mark() || Cancel.Mark().Answer() || !Nack.Mark().Answer() {
		t.Error("a cancel looks like a negative acknowledgement")
	}
}

func ExampleClass_Say() {
	fmt.Println(Nack.Say(nil, InFlight, Word{"cause.rejected", "rejected"}))
	fmt.Println(Nack.Label(nil, InFlight, Word{"cause.rejected", "rejected"}))
	// Output:
	// negative acknowledgement: rejected
	// nack: rejected
}

// A format in Chinese has blanks for names in Latin letters; a Chinese name closes them.
func TestClosed(t *testing.T) {
	zh := Voice(func(_, _ string) string { return "%s 的工作慢 %s 倍：%s" })
	for _, c := range []struct{ name, want string }{
		{"pay", "pay 的工作慢 5 倍：pay"},
		{"支付", "支付的工作慢 5 倍：支付"},
		{"支付 2", "支付 2 的工作慢 5 倍：支付 2"},
	} {
		if got := zh.Sayf(Word{ID: "slow"}, c.name, "5", c.name); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for text, want := range map[string]string{"": "", " ": " ", "a b": "a b", "甲 ，乙": "甲，乙", " 甲": " 甲", "甲 ": "甲 ", "甲 a 乙": "甲 a 乙"} {
		if got := Closed(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

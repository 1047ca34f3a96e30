package engine

import (
	"testing"

	"asynclab/sim/design"
	"asynclab/sim/record"
)

func TestClass(t *testing.T) {
	message := func(m MessageKind, queue int32, cause design.Cause, resend, dead bool) Record {
		return Record{Kind: MsgSent, Message: m, Queue: queue, Cause: cause, Resend: resend, Dead: dead}
	}
	for _, c := range []struct {
		name string
		r    Record
		want record.Class
	}{
		{"request", message(RequestMessage, none, design.OK, false, false), record.Request},
		{"request once more", message(RequestMessage, none, design.OK, true, false), record.Retry},
		{"publish", message(PublishMessage, 0, design.OK, false, false), record.Publish},
		{"publish once more", message(PublishMessage, 0, design.OK, true, false), record.Retry},
		{"reply", message(ReplyMessage, none, design.OK, false, false), record.Reply},
		{"error reply", message(ReplyMessage, none, design.Error, false, false), record.ErrorReply},
		{"confirm", message(ReplyMessage, 0, design.OK, false, false), record.Confirm},
		{"a full queue's answer", message(ReplyMessage, 0, design.Rejected, false, false), record.Nack},
		{"delivery", message(DeliverMessage, 0, design.OK, false, false), record.Delivery},
		{"redelivery", message(DeliverMessage, 0, design.OK, true, false), record.Redelivery},
		{"delivery of a dead letter", message(DeliverMessage, 0, design.OK, false, true), record.DeadLetter},
		{"acknowledgement of a dead letter", message(AckMessage, 0, design.OK, false, true), record.Ack},
		{"negative acknowledgement", message(NackMessage, 0, design.Error, true, false), record.Nack},
		{"cancel", message(CancelMessage, none, design.OK, false, false), record.Cancel},
		{"duplicate", Record{Kind: MsgDuplicated, Message: DeliverMessage, Resend: true}, record.Duplicate},
		{"a lost request", Record{Kind: MsgLost, Queue: none}, record.Request},
		{"task done", Record{Kind: TaskEnded}, record.TaskDone},
		{"task failed", Record{Kind: TaskEnded, Cause: design.Error}, record.TaskFailed},
		{"task starts again", Record{Kind: TaskStarted, Resend: true}, record.TaskRestarted},
		{"expired", Record{Kind: CopyEnded, Cause: design.Expired}, record.CopyExpired},
		{"dropped", Record{Kind: CopyEnded, Cause: design.Rejected}, record.CopyDropped},
	} {
		if got := c.r.Class(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.ID(), c.want.ID())
		}
	}
}

// Every kind of record has a class of its sort, and every class a record.
func TestEveryKindHasAClass(t *testing.T) {
	seen := map[record.Class]bool{}
	for k := OpArrived; k < numRecords; k++ {
		if k == Acted { // a mechanism brings its class
			continue
		}
		isMessage := k >= MsgSent && k <= MsgRefused
		for m := RequestMessage; m < numMessages; m++ {
			for bits := range 16 {
				r := Record{Kind: k, Message: m, Queue: none, Resend: bits&1 != 0, Dead: bits&2 != 0}
				if bits&4 != 0 {
					r.Queue = 0
				}
				if bits&8 != 0 {
					r.Cause = design.Expired
				}
				c := r.Class()
				seen[c] = true
				if c.IsMessage() != isMessage || r.Fate() != record.InFlight && !isMessage {
					t.Errorf("%+v is %s, %d", r, c.ID(), r.Fate())
				}
			}
		}
	}
	for _, c := range record.Classes {
		if !seen[c] {
			t.Errorf("nothing is %s", c.ID())
		}
	}
}

func TestEveryCauseHasWords(t *testing.T) {
	if w := (*design.Reason)(nil).Word(); w.ID != "" {
		t.Error("nothing is a cause")
	}
	for _, c := range design.Causes() {
		if w := c.Word(); w.ID != "cause."+c.Name || w.English == "" {
			t.Errorf("%s: %+v", c.Name, w)
		}
	}
}

package eventlog

import (
	"fmt"
	"strings"

	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// Say is the text of an entry, without its time: the place, the event, and the
// operation.
func Say(e *control.Entry) string {
	why := e.Why.Word()
	if e.FaultName != "" {
		why = record.Word{English: e.FaultName}
	}
	class := e.Class()
	text := strings.TrimLeft(place(e, class)+"  "+class.Say(locale.Word, e.Fate(), why), " ")
	if e.Op != 0 {
		return fmt.Sprintf("%s  #%d", text, e.Seq+1)
	}
	return text
}

// place is where the event happened: for a message, its two ends.
func place(e *control.Entry, class record.Class) string {
	switch {
	case class.IsMessage():
		from, to := e.Ends()
		return from + " → " + to
	case e.QueueName != "":
		return e.QueueName
	}
	return e.NodeName
}

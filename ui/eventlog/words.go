package eventlog

import (
	"cmp"
	"fmt"
	"strings"

	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// Say is the text of an entry, without its time: the place, the event, and the
// operation. name is how the picture calls a node; "" or nil: by its own name.
func Say(e *control.Entry, name func(node string) string) string {
	why := e.Why.Word()
	if e.FaultName != "" {
		why = record.Word{English: e.FaultName}
	}
	class := e.Class()
	text := strings.TrimLeft(place(e, class, name)+"  "+class.Say(locale.Word, e.Fate(), why), " ")
	if e.Op != 0 {
		return fmt.Sprintf("%s  #%d", text, e.Seq+1)
	}
	return text
}

// place is where the event happened: for a message, its two ends.
func place(e *control.Entry, class record.Class, name func(node string) string) string {
	switch {
	case class.IsMessage():
		from, to := e.Ends()
		return called(from, name) + " → " + called(to, name)
	case e.QueueName != "":
		return called(e.QueueName, name)
	}
	return called(e.NodeName, name)
}

// called is how the picture calls an element, such as "bus/orders".
func called(element string, name func(node string) string) string {
	if name == nil {
		return element
	}
	parts := strings.Split(element, "/")
	for i, part := range parts {
		parts[i] = cmp.Or(name(part), part)
	}
	return strings.Join(parts, "/")
}

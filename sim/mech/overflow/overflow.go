// Package overflow has the policies of a full queue for one more message, each one
// value. A new one is a value and its place in All.
package overflow

import "strings"

// Policy is what becomes of a message that comes to a full queue.
type Policy struct {
	Word    string // in a scenario
	Doc     string // what happens to one more message
	Refuses bool   // it is refused, and stored nowhere
	Waits   bool   // its publisher waits until there is room
	Evicts  bool   // the oldest makes room for it, also for one that returns
	Buries  bool   // it goes to the dead-letter queue, which must be there; also one that returns
}

// The policies.
var (
	Reject     = &Policy{Word: "reject", Doc: "it is refused", Refuses: true}
	DropOldest = &Policy{Word: "drop-oldest", Doc: "the oldest makes room and goes to the dead-letter queue if there is one", Evicts: true}
	DeadLetter = &Policy{Word: "dead-letter", Doc: "it is refused and goes there itself", Buries: true}
	Block      = &Policy{Word: "block", Doc: "its publisher waits", Waits: true}
)

// All are the policies that a scenario can name; the first is the default.
var All = []*Policy{Reject, DropOldest, DeadLetter, Block}

// Words are their words.
func Words() (all []string) {
	for _, p := range All {
		all = append(all, p.Word)
	}
	return all
}

// Docs says of all of them, in the order of Words, what happens to one more message.
func Docs() string {
	var all []string
	for _, p := range All {
		all = append(all, p.Doc)
	}
	return strings.Join(all, "; ")
}

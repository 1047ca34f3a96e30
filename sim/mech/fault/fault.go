// Package fault has the kinds of faults, each one value: what the language, the checks,
// the texts and the window know of it, and what it does. A new one is a value in All,
// and a constant in package design.
//
//	                ┌── Word, Form, Amount, Doc ─────► language, schema, changes by hand
//	Kind ───────────┼── Broker, Stops, Fails ────────► checks of a design
//	                ├── Text, Offer, Icon ───────────► reports, the window
//	                └── Act ──► Struck (the run) ────► what it does, when it begins and when it ends
//
// Faults overlap: what two of them do to one element adds up (slow multiplies, cuts and
// pauses count, errors combine as independent), and each takes back what it did. So Act
// must do at the end the opposite of what it did at the beginning.
package fault

// Kind is one kind of fault.
type Kind struct {
	Word   string // in a scenario, and in a change by hand
	Doc    string // one line
	Form   string // what follows the word: a "node", a "cut", "settings"
	Broker bool   // it can affect a broker too
	Node   bool   // it can affect one node of a broker that has several, other than its leader
	Stops  bool   // its node does not answer
	Fails  bool   // its node refuses or fails its messages

	Amount  string // the key of the field with the amount; "" if the kind has none
	Example string // of an amount

	Text  string  // description: [1] the target, [2] the amount
	Offer string  // the label of the button that injects it
	Icon  string  // the icon of that button
	Usual float64 // the amount that the button injects, if the kind has one

	Act func(s Struck, begins bool)
}

// Struck is what a fault strikes, as its kind sees it: some instances, brokers or links
// of a run. n is +1 where a fault begins and −1 where it ends.
type Struck interface {
	Crash(silent bool)          // they are down; silent: nobody is told
	Restart(silent bool)        // they are up again, as their policy says
	Slow(factor float64, n int) // work takes so many times as long
	Pause(n int)                // work stands still, and nothing is sent
	Hang(n int)                 // work stands still, and heartbeats are sent
	Errors()                    // tasks fail by the rates of the faults that last
	Cut(n int)                  // what is sent over the links is lost
	Set()                       // parameters are as the faults that last say
	Amount() float64
}

// All are the kinds. Their order is that of the constants of package design.
var All = []Kind{
	{Word: "crash", Form: "node", Broker: true, Stops: true, Fails: true, Text: "%[1]s crashes", Offer: "Crash it", Icon: "crash",
		Doc: "a service or a broker crashes; its callers notice at once, and new calls are refused", Act: crash(false)},
	{Word: "host_crash", Form: "node", Broker: true, Stops: true, Text: "the host of %[1]s crashes: no connection is reset",
		Offer: "Its machine dies", Icon: "silent", Doc: "its machine is gone: silence", Act: crash(true)},
	{Word: "slow", Form: "node", Amount: "factor", Example: "5", Text: "%[1]s works %[2]s times slower",
		Offer: "Five times slower", Icon: "slow", Usual: 5, Doc: "its work takes `factor` times as long", Act: func(s Struck, begins bool) { s.Slow(s.Amount(), sign(begins)) }},
	{Word: "pause", Form: "node", Node: true, Stops: true, Text: "%[1]s pauses", Offer: "Freeze it", Icon: "pause", Doc: "its work stands still; of a broker a follower: `bus#2`",
		Act: func(s Struck, begins bool) { s.Pause(sign(begins)) }},
	{Word: "errors", Form: "node", Fails: true, Amount: "rate", Example: "20%", Text: "%[2]s of the tasks of %[1]s fail",
		Offer: "A fifth fails", Icon: "fail", Usual: 0.2, Doc: "a share of its tasks, `rate`, fails; several at a time, and the `errors` of the service, combine as independent ones", Act: func(s Struck, _ bool) { s.Errors() }},
	{Word: "hang", Form: "node", Stops: true, Text: "%[1]s hangs", Offer: "Let it hang", Icon: "pause", Doc: "it takes what comes, sends its heartbeats and never answers; at the end it is restarted, and `crash` of the service says what is left of what it had", Act: hang},
	{Word: "cut", Form: "cut", Text: "links cut: %[1]s", Doc: "everything sent over these connections is lost", Act: func(s Struck, begins bool) { s.Cut(sign(begins)) }},
	{Word: "set", Form: "settings", Text: "changed: %[1]s", Doc: "parameters change, and change back at the end", Act: func(s Struck, _ bool) { s.Set() }},
}

func sign(begins bool) int {
	if begins {
		return 1
	}
	return -1
}

func crash(silent bool) func(s Struck, begins bool) {
	return func(s Struck, begins bool) {
		if begins {
			s.Crash(silent)
		} else {
			s.Restart(silent)
		}
	}
}

// hang ends as hung processes end: somebody restarts them.
func hang(s Struck, begins bool) {
	s.Hang(sign(begins))
	if !begins {
		s.Crash(false)
		s.Restart(false)
	}
}

package engine

import (
	"testing"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Results hang on the names of the kinds of events and on the numbers of the
// kinds of messages, never on the order of the constants: every kind has its
// own, and a name that is here today keeps its hash.
func TestKindsAreStable(t *testing.T) {
	kinds := map[uint64]string{}
	for kind, name := range eventNames {
		id := eventIDs[kind]
		if name == "" || id != draw.HashString("event/"+name) {
			t.Errorf("the kind of event %d has the name %q and the hash %x", kind, name, id)
		}
		if other, taken := kinds[id]; taken {
			t.Errorf("the kinds of events %q and %q are one to the fingerprint", name, other)
		}
		kinds[id] = name
	}
	salts := map[uint64]bool{}
	for _, s := range kindSalt {
		salts[s] = true
	}
	if len(salts) != int(numMessages) {
		t.Errorf("%d kinds of messages have %d different salts", numMessages, len(salts))
	}
}

// What a ready item is made of comes back, at the ends of every range too.
func TestReadyWord(t *testing.T) {
	for _, arg := range []int32{0, 1, maxInt32} {
		for _, attempt := range []int32{0, 1, maxAttempt - 1} {
			for cause := design.OK; cause < design.MaxCauses; cause++ {
				for kind := range numReadyKinds {
					it := readyItem{what: readyWord(arg, attempt, cause, kind)}
					if it.arg() != arg || it.attempt() != attempt || it.cause() != cause || it.kind() != kind {
						t.Fatalf("%d, %d, %d, %d came back as %d, %d, %d, %d", arg, attempt, cause, kind, it.arg(), it.attempt(), it.cause(), it.kind())
					}
				}
			}
		}
	}
}

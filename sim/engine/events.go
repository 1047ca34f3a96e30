package engine

import (
	"math/bits"

	"asynclab/sim/draw"
	"asynclab/sim/kernel"
)

// The kinds of events. The comment behind each says what Arg indexes.
const (
	evMsg     uint8 = iota // message
	evCopy                 // copy
	evRequest              // task that travels to its service
	evAnswer               // task that has ended, travelling as its answer
	evThink                // op: the slot kept for the user
	evChange               // never in the list: a change by hand, in the fingerprint
	evSample
	evNeverCancelled = evSample // the kinds from here on may be cancelled

	evArrival    uint8 = iota - 1 // load
	evWork                        // task
	evSharing                     // instance
	evTimeout                     // call
	evBackoff                     // call
	evDeadline                    // op
	evPatience                    // task
	evDelay                       // task
	evVisible                     // copy
	evRedeliver                   // copy
	evTTL                         // queue
	evRetransmit                  // message
	evSilence                     // twice a connection, plus the way
	evReset                       // connection
	evConnect                     // connection
	evFault                       // fault
	evStore                       // one that waits at a store, or a lease
	evMechanism                   // timer of a cell, or after these a waiter, a race or a flight
	evGroup                       // groupTimers times a group or consumer, plus which
	evReplicated                  // message: the followers of its broker have it
	evExpiry                      // copy
	evGather                      // gathering
	evServed                      // worker of a broker
	evFetch                       // twice a consumer, plus 1: its pull has waited long enough at the broker
	numEvents
)

const _ = kernel.MaxKind - (numEvents - 1) // does not compile when a kind has no place in the list

// eventNames are what the fingerprint knows the kinds of events by. A name
// stays, whatever constants come before it.
var eventNames = [numEvents]string{
	evMsg: "message", evCopy: "copy", evRequest: "request", evAnswer: "answer", evThink: "think", evRetransmit: "retransmit", evChange: "change", evSample: "sample",
	evArrival: "arrival", evWork: "work", evSharing: "sharing", evTimeout: "timeout", evBackoff: "backoff", evDeadline: "deadline",
	evPatience: "patience", evDelay: "delay", evVisible: "visibility", evRedeliver: "redelivery", evTTL: "ttl", evFault: "fault",
	evSilence: "silence", evReset: "reset", evConnect: "connect",
	evMechanism: "mechanism", evStore: "store", evGroup: "group", evReplicated: "replicated", evExpiry: "expiry", evFetch: "fetch", evGather: "gather", evServed: "served",
}

// eventIDs are the hashes of the names, by kind.
var eventIDs = func() (ids [kernel.MaxKind + 1]uint64) {
	for kind, name := range eventNames {
		ids[kind] = draw.HashString("event/" + name)
	}
	return ids
}()

// stamp is what the fingerprint knows events of a kind at an element by.
func stamp(kind uint8, element uint64) uint64 {
	return (element + eventIDs[kind&kernel.MaxKind]) * 0xd6e8feb86659fd93
}

// mark adds an event to the fingerprint, given its stamp and the identity of its
// operation.
func (r *Run) mark(stamp, id, occ uint64) {
	x := uint64(r.now)*0x9e3779b97f4a7c15 ^ stamp
	y := id*0xa0761d6478bd642f ^ occ*0xe7037ed1a0b428db
	r.fp = (bits.RotateLeft64(r.fp, 25)^x)*0x8ebc6af09c88c6e3 + bits.RotateLeft64(y, 17)
}

// note is mark for events that are rare.
func (r *Run) note(kind uint8, element uint64, o int32, occ uint64) {
	id := uint64(0)
	if o != none {
		id = r.ops.at(o).id
	}
	r.mark(stamp(kind, element), id, occ)
}

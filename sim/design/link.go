package design

import (
	"time"

	"asynclab/sim/draw"
)

// LinkParams are the delay, loss and other effects on messages of a link.
type LinkParams struct {
	Latency    draw.Dist // seconds one way
	Jitter     draw.Dist // seconds, added to the latency
	Order      Order
	Loss       float64
	Retransmit time.Duration // a lost message is sent again after this; 0: as the link's ends say; spec.None: never, and neither end notices
	Duplicate  float64
	Reorder    float64   // probability to be held back by ReorderBy
	ReorderBy  draw.Dist // seconds; zero constant: one more latency draw
	Corrupt    float64
	Unseen     bool    // corruption is not detected: the receiver's handler fails instead of the message being dropped
	Bandwidth  float64 // bytes per second; 0: not limited
	Down       float64 // 1: cut, everything sent is lost
	Price      float64 // of a billion bytes, if HasPrice
	HasPrice   bool
}

// Order tells whether the messages of a link keep their order.
type Order uint8

// The orders of a link.
const (
	OrderByEnds Order = iota // OrderFIFO between a broker and its clients, otherwise OrderNone
	OrderNone                // each message travels by itself and may overtake
	OrderFIFO                // none overtakes another
)

// Link sets the parameters of the link between two nodes (names of
// services, brokers or loads). A link A -> B also describes the opposite direction,
// unless B -> A is declared too.
type Link struct {
	From, To string
	LinkParams
	Zone bool // it is one of all links between two zones, and may carry nothing
}

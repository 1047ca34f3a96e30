package topology

import "asynclab/sim/record"

// Point is a place in the picture: x to the right, y down, in pixels at scale 1.
type Point struct{ X, Y float64 }

// Box is the rectangle of a node; X and Y are its top left corner.
type Box struct {
	Node       int // index into Graph.Nodes
	X, Y, W, H float64
}

// Layout is a finished picture.
//
// Boxes[i] belongs to Graph.Nodes[i] and Routes[i] to Graph.Edges[i]. The box of a
// broker with queues or topics in it is a frame around their boxes; draw it
// before them.
type Layout struct {
	W, H   float64 // the picture is within 0,0 and W,H; a margin is included
	Boxes  []Box
	Routes []Route
	Layers [][]int // top-level nodes (not parts of a broker) column by column, each from top to bottom
}

// Options tunes Arrange. The zero value suits almost every graph.
type Options struct {
	NodeGap float64 // least vertical space between boxes; 28 if zero
	// Wide is the width of the picture as a multiple of its height that columns are moved
	// apart for, to no more than thrice their usual distance; 0: no distance is added.
	Wide float64
	// Gap is the least space below a node where that is not NodeGap; nil: always NodeGap.
	Gap func(Node) float64
	// Names is the size of names as a multiple of the usual, in boxes that hold nothing else; 0:
	// boxes have room for all that is in them.
	Names float64
	Voice record.Voice // language of details, which boxes have room for; nil is English
	Below float64      // space below the lowest boxes of the picture and of each frame, for what is written there
}

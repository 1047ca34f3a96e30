// Package topology draws the picture of a design: who calls whom, and what goes
// over which queue or topic. It is pure geometry and knows nothing of the engine;
// the window, the command line and the HTML report draw the same picture from it.
//
//	Graph ──► Validate ──► Arrange ─────────────────────────────────► Layout ──► SVG, window
//	  │                       │
//	  │                       │  parts that are not connected: one by one
//	  │                       ├─ breakCycles      turn round the edges that lead back
//	  │                       ├─ assignRanks      a column for every node
//	  │                       ├─ split            long edges get a bend in each column
//	  │                       ├─ reduceCrossings  order in the columns; frames inside too
//	  │                       ├─ place            how far down; as level as can be
//	  │                       ├─ placeColumnsX    how far right; room for curves, labels
//	  │                       └─ draw             boxes, routes, places of labels
//	  └──► Text, DOT          (need no layout)
//
// # Which rendering to choose
//
//   - [Text] for a terminal, a log, a code review, a screen reader: a tree of what
//     sends to what. It is also the one to compare with diff.
//   - [SVG] for slides, reports and web pages: the finished picture, light and dark.
//   - [DOT] to go on working with other tools: Graphviz lays it out anew, in its own
//     way.
//   - [Layout] to draw and animate yourself: boxes, routes as polylines, and
//     [Route.At] to move messages along them.
//
// # What a layout promises
//
// The same graph always gives the same layout; declared order decides where nothing
// else does. Boxes do not overlap, except that the box of a broker is a frame around
// its parts. Edges run left to right, save those that close a cycle: they run right
// to left, between the same sides of the boxes, and have Route.Reversed set. Routes
// begin and end on the borders of their boxes and pass through no other box. An edge
// from a node to itself is an arch over it. Few crossings are sought, not promised:
// finding the fewest is NP-hard. A tree has none.
//
// The method is that of Sugiyama, Tagawa & Toda, "Methods for visual understanding
// of hierarchical system structures" (1981), with the medians, transpositions and
// weights of Gansner, Koutsofios, North & Vo, "A technique for drawing directed
// graphs" (1993), and the preference for straight edges of Brandes & Köpf, "Fast and
// simple horizontal coordinate assignment" (2001).
package topology

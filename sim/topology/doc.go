// Package topology draws the picture of a design: nodes and directed edges,
// a layered layout from left to right, and its renderings as text, Graphviz DOT
// and SVG. It is pure geometry and knows nothing of the engine.
package topology

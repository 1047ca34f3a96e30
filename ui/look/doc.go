// Package look is how the lab looks: the Fyne theme (light and dark, with the
// bundled fonts), and the colours and shapes by which nodes, messages, curves
// and states are told apart everywhere: on the stage, in plots, in sequence
// diagrams and in legends.
package look

package topology

import (
	"errors"
	"io"
)

// Arrange computes a layout.
func Arrange(g Graph, opt Options) (*Layout, error) { return nil, errors.New("topology: not yet") }

// Text writes the graph for a terminal.
func Text(w io.Writer, g Graph) error { return errors.New("topology: not yet") }

// DOT writes the graph for Graphviz.
func DOT(w io.Writer, g Graph) error { return errors.New("topology: not yet") }

// SVG writes the picture as a self-contained SVG image.
func SVG(w io.Writer, g Graph, l *Layout, theme Theme) error { return errors.New("topology: not yet") }

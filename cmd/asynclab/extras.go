//go:build study

package main

import (
	"asynclab/scenarios/study/cluster"
	"asynclab/scenarios/study/picture"
)

func init() { linked = &extras{cluster.NATS{}, picture.PNG, picture.SVG, picture.View} }

package scenarios

import (
	"testing"

	"asynclab/sim/golden"
)

func TestReference(t *testing.T) {
	golden.Equal(t, "LANGUAGE.md", []byte(Reference()))
}

package design_test

import (
	"testing"

	"asynclab/sim/design"
)

func FuzzParseFault(f *testing.F) {
	for _, text := range []string{"crash pay", "host_crash pay instance=2", "slow pay factor=5 for=30s", "errors pay rate=20% name=x", "cut shop -> pay", "cut a<->*,b->c for=uniform(1s, 2s)", "pause pay for=exp(1s)", "slow", "cut a->b->c", "crash pay for=(("} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := design.ParseFault(text)
		if err != nil {
			return
		}
		written := design.FormatFault(fault)
		again, err := design.ParseFault(written)
		if err != nil || design.FormatFault(again) != written {
			t.Fatalf("%q is written %q, which is %+v, %v", text, written, again, err)
		}
	})
}

package all

import (
	"slices"
	"strings"
	"testing"

	"asynclab/sim/design"
)

// The page says of a retry without causes what the compiler does: it tries Retryable
// again, and what a mechanism declares as Retried.
func TestRetryDefault(t *testing.T) {
	want := design.Retryable
	for _, r := range Mechanisms.Causes() {
		if r.Retried {
			want = want.WithName(r.Name)
		}
	}
	field := Mechanisms.Tables().Load.Field("retry").Inner.Field("on")
	got := strings.Split(strings.Trim(field.Default.Text, "[]"), ", ")
	all := strings.Split(strings.Trim(want.String(), "[]"), ", ")
	slices.Sort(got)
	slices.Sort(all)
	if !slices.Equal(got, all) {
		t.Errorf("the page says %v, the compiler takes %v", got, all)
	}
}

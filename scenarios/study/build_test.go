package study

import (
	"regexp"
	"testing"
)

func TestBuild(t *testing.T) {
	if got := Build("1.2.0"); got != "1.2.0" {
		t.Errorf("a release is %q", got)
	}
	// Tests are built without a commit: the file of the program is summed up.
	if got := Build("1.2.0-dev"); !regexp.MustCompile(`^1\.2\.0-dev\+[0-9a-f]{12}$`).MatchString(got) || got != Build("1.2.0-dev") {
		t.Errorf("between releases: %q", got)
	}
}

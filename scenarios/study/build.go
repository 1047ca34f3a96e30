package study

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"asynclab/scenarios/files"
)

// Version is the version of the programs; release builds set it with the linker.
var Version = "0.1.0-dev"

// Build is the version that jobs and their files carry. A release is known by its
// version; a version between releases ("0.1.0-dev") also by its commit or, with
// changes that are not committed, by the program file.
func Build(version string) string {
	if !strings.Contains(version, "-") {
		return version
	}
	return version + "+" + state()
}

var state = sync.OnceValue(func() string {
	revision, clean := "", false
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				clean = s.Value == "false"
			}
		}
	}
	if clean && len(revision) >= 12 {
		return revision[:12]
	}
	sum, err := programSum()
	if err != nil {
		return "unknown"
	}
	return sum
})

func programSum() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := files.OpenPath(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

package stage

import (
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// HealthName is what a health is called.
func HealthName(h control.Health) string {
	switch h {
	case control.Slow:
		return locale.T("slow")
	case control.Failing:
		return locale.T("failing")
	case control.Stopped:
		return locale.T("paused")
	case control.Partly:
		return locale.T("partly down")
	case control.Down:
		return locale.T("down")
	}
	return locale.T("up")
}

package stage

import (
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// HealthName is what a health is called.
func HealthName(h control.Health) string {
	switch h {
	case control.Slow:
		return locale.T("health.slow")
	case control.Failing:
		return locale.T("health.failing")
	case control.Stopped:
		return locale.T("health.paused")
	case control.Partly:
		return locale.T("health.partly-down")
	case control.Down:
		return locale.T("health.down")
	}
	return locale.T("health.up")
}

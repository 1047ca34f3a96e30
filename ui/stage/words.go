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

// DotName is what a kind of message is called.
func DotName(k control.DotKind) string {
	switch k {
	case control.Request:
		return locale.T("request")
	case control.Reply:
		return locale.T("reply")
	case control.FailedReply:
		return locale.T("negative reply")
	case control.Event:
		return locale.T("event")
	case control.Ack:
		return locale.T("acknowledgement")
	case control.Nack:
		return locale.T("negative acknowledgement")
	case control.Retry:
		return locale.T("retry, redelivery")
	case control.Duplicate:
		return locale.T("duplicate")
	}
	return locale.T("dead letter")
}

// SparkName is what a kind of loss is called.
func SparkName(k control.SparkKind) string {
	switch k {
	case control.LostSpark:
		return locale.T("lost on the way")
	case control.RejectedSpark:
		return locale.T("turned away")
	case control.FailedSpark:
		return locale.T("task failed")
	}
	return locale.T("dead-lettered, expired or dropped")
}

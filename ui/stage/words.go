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

// DotName is what a kind of message is called.
func DotName(k control.DotKind) string {
	switch k {
	case control.Request:
		return locale.T("message.request")
	case control.Reply:
		return locale.T("message.reply")
	case control.FailedReply:
		return locale.T("message.failed-reply")
	case control.Event:
		return locale.T("message.event")
	case control.Ack:
		return locale.T("message.ack")
	case control.Nack:
		return locale.T("message.nack")
	case control.Retry:
		return locale.T("message.retry")
	case control.Duplicate:
		return locale.T("message.duplicate")
	}
	return locale.T("message.dead-letter")
}

// SparkName is what a kind of loss is called.
func SparkName(k control.SparkKind) string {
	switch k {
	case control.LostSpark:
		return locale.T("spark.lost")
	case control.RejectedSpark:
		return locale.T("spark.rejected")
	case control.FailedSpark:
		return locale.T("spark.task-failed")
	}
	return locale.T("spark.message-ended")
}

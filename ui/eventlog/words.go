package eventlog

import (
	"asynclab/sim/model"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/sequence"
)

// Say writes what an entry says, without its time.
func Say(e *control.Entry) string {
	text := news(e)
	if e.Op != 0 {
		return locale.T("log.of-operation", text, e.Seq+1)
	}
	return text
}

func news(e *control.Entry) string {
	switch e.Kind {
	case model.MsgSent, model.MsgDuplicated, model.MsgLost, model.MsgCorrupted, model.MsgArrived, model.MsgRefused:
		return message(e)
	case model.FaultBegan:
		return locale.T("log.fault-begins", e.FaultName)
	case model.FaultEnded:
		return locale.T("log.fault-over", e.FaultName)
	case model.Changed:
		return locale.T("log.parameter-changed")
	case model.CopyDeadLettered, model.CopyEnded:
		return line(e.QueueName, ended(e))
	case model.OpArrived, model.OpAccepted, model.OpConfirmed, model.OpFailed, model.TaskArrived, model.TaskStarted,
		model.TaskEnded, model.TaskRejected, model.TaskCancelled, model.TaskLost, model.Retrying:
	}
	return line(e.NodeName, happened(e))
}

// line puts a place before what happened there.
func line(place, what string) string { return place + "  " + what }

func happened(e *control.Entry) string {
	switch e.Kind {
	case model.OpArrived:
		return locale.T("log.operation-arrives")
	case model.OpAccepted:
		return locale.T("operation.accepted")
	case model.OpConfirmed:
		return locale.T("operation.confirmed")
	case model.OpFailed:
		return because(locale.T("operation.failed"), e.Cause)
	case model.TaskArrived:
		return locale.T("task.arrives")
	case model.TaskStarted:
		if e.Resend {
			return locale.T("task.starts-again")
		}
		return locale.T("task.starts")
	case model.TaskEnded:
		if e.Cause != model.OK {
			return because(locale.T("task.failed"), e.Cause)
		}
		return locale.T("task.done")
	case model.TaskRejected:
		return because(locale.T("task.rejected"), e.Cause)
	case model.TaskCancelled:
		return locale.T("task.cancelled")
	case model.TaskLost:
		return locale.T("task.lost")
	}
	return because(locale.T("operation.retrying"), e.Cause)
}

func ended(e *control.Entry) string {
	if e.Kind == model.CopyDeadLettered {
		return because(locale.T("copy.dead-lettered"), e.Cause)
	}
	return because(locale.T("copy.dropped"), e.Cause)
}

func because(text string, c model.Cause) string {
	if c == model.OK {
		return text
	}
	return locale.T("text.with-detail", text, sequence.CauseName(c))
}

func message(e *control.Entry) string {
	m := sequence.MessageOf(e)
	from, to := sequence.Ends(e)
	text := line(from+" → "+to, sequence.KindName(m.Kind))
	if m.Cause != model.OK {
		text = because(text, m.Cause)
	}
	switch e.Kind {
	case model.MsgLost:
		return locale.T("message.with-lost", text)
	case model.MsgCorrupted:
		return locale.T("message.with-corrupted", text)
	case model.MsgRefused:
		return locale.T("message.with-refused", text)
	case model.MsgArrived:
		return locale.T("message.with-arrived", text)
	}
	return text
}

// ClassName is what a sort of news is called.
func ClassName(c control.Class) string {
	switch c {
	case control.Acceptance:
		return locale.T("log.class-acceptance")
	case control.Failure:
		return locale.T("log.class-failure")
	case control.Loss:
		return locale.T("log.class-loss")
	case control.Rejection:
		return locale.T("log.class-rejection")
	case control.Again:
		return locale.T("log.class-again")
	case control.FaultNews:
		return locale.T("log.class-fault")
	case control.ChangeNews:
		return locale.T("log.class-change")
	}
	return locale.T("log.class-ordinary")
}

package bench

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/draw"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// transport is the playback bar: play, steps, jumps to the next fault or
// failure, speed, and the timeline above them. It only displays; the controller
// plays.
type transport struct {
	b *Bench

	play                            *window.Button
	now                             *widget.Label
	speed                           *keyed.Slider
	speedText                       *window.Label
	Timeline                        *timeline
	tempo                           *keyed.Select
	accident                        *keyed.Button
	stepEvent, stepMessage          *window.Button
	fault, failure, toTime, toStart *window.Button
	notice                          *widget.Label
	mode                            control.Mode
	shownSpeed                      float64
	setting                         bool // a frame is moving the slider, not a person
	length                          time.Duration
	content                         fyne.CanvasObject
}

// The slider's positions: 1, 2, 5 per decade from 10 µs to 1000 s of simulated
// time per second, and finally as fast as possible.
const (
	slowest    = -5 // decade
	fastest    = 3
	speedStops = (fastest-slowest)*3 + 1
)

func speedAt(stop int) float64 {
	if stop >= speedStops {
		return math.Inf(1)
	}
	return math.Pow(10, float64(slowest+stop/3)) * [3]float64{1, 2, 5}[stop%3]
}

func stopOf(speed float64) int {
	best := speedStops
	for i, d := 0, math.Inf(1); i < speedStops && !math.IsInf(speed, 1); i++ {
		if e := math.Abs(math.Log(speedAt(i) / speed)); e < d {
			best, d = i, e
		}
	}
	return best
}

// speedName is a speed in everyday words.
func speedName(speed float64) string {
	switch {
	case math.IsInf(speed, 1):
		return locale.T("speed.as-fast-as-possible")
	case speed == 1:
		return locale.T("speed.real-time")
	case speed < 1:
		return locale.T("speed.per-second", draw.FormatDuration(speed))
	}
	return locale.T("speed.times-real-time", math.Round(speed*100)/100)
}

func newTransport(b *Bench) *transport {
	t := &transport{b: b, shownSpeed: -1}
	icon := func(name string, tip string, do func()) *window.Button {
		b := window.NewButton(palette.Icon(name), tip, do)
		b.Importance = widget.LowImportance
		return b
	}
	t.play = window.NewButton(theme.MediaPlayIcon(), locale.T("transport.play-pause"), b.Toggle)
	t.play.Importance = widget.HighImportance
	t.toStart = icon("to-start", locale.T("transport.to-start"), func() { b.Jump(0) })
	t.stepEvent = icon("step-event", locale.T("transport.step-event"), b.StepEvent)
	t.stepMessage = icon("step-message", locale.T("transport.step-message"), b.StepMessage)
	t.fault = icon("to-fault", locale.T("transport.next-fault"), b.NextFault)
	t.failure = icon("to-failure", locale.T("transport.next-failure"), b.NextFailure)
	t.toTime = icon("to-time", locale.T("transport.run-to-time"), b.AskForTime)
	t.now = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	t.notice = widget.NewLabel("")
	t.notice.Truncation = fyne.TextTruncateEllipsis // a long notice must not widen the window
	t.speedText = window.NewLabel("", locale.T("speed.help"))
	t.speed = keyed.NewSlider(0, speedStops)
	t.speed.Step = 1
	t.speed.OnChanged = func(v float64) {
		t.speedText.SetText(speedName(speedAt(int(v))))
		if !t.setting {
			b.Controller.SetSpeed(speedAt(int(v)))
		}
	}
	t.Timeline = newTimeline(func(at time.Duration, done bool) {
		t.now.SetText(t.nowText(at))
		b.Jump(at)
	}, b.markWords)
	t.Timeline.did = b.markDid
	t.tempo = keyed.NewSelect(tempoNames(), nil)
	t.tempo.OnChanged = func(string) {
		if !t.setting {
			b.Controller.Tempo(control.Tempo(t.tempo.SelectedIndex()))
		}
	}
	t.Timeline.own = &b.marks
	t.accident = keyed.NewButton(locale.T("transport.accident"), palette.Icon("to-fault"), b.ToAccident)
	t.accident.Hide()
	slider := container.New(layout.NewGridWrapLayout(fyne.NewSize(window.WithText(88, 0).Width, t.speed.MinSize().Height)), t.speed)
	moves := container.NewHBox(t.toStart, t.play, t.stepEvent, t.stepMessage, t.fault, t.failure, t.toTime, t.now)
	speeds := container.NewHBox(t.tempo, slider, window.FixedWidth(t.speedText, window.WithText(150, 0).Width))
	row := container.NewBorder(nil, nil, moves, speeds, t.notice)
	if !t.fits(row) { // large text in a small window
		row = container.NewVBox(moves, container.NewBorder(nil, nil, speeds, nil, t.notice))
	}
	t.content = container.NewBorder(nil, nil, nil, nil, container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(t.accident), t.Timeline), row))
	return t
}

// fits reports whether a row has room in the window when the time is as long as it gets.
func (t *transport) fits(row fyne.CanvasObject) bool {
	const usual = 1280 // of a window that is not shown yet
	room := t.b.host.Win.Canvas().Size().Width
	if room < 1 {
		room = usual
	}
	if !t.b.host.Presenting {
		room -= max(76, window.WithText(60, 0).Width) // beside it are the places
	}
	t.now.SetText(locale.T("transport.time-of-length", "59 min 59.0000 s", "59:59 min"))
	defer t.now.SetText("")
	return row.MinSize().Width+4*theme.Padding() <= room
}

func (t *transport) nowText(at time.Duration) string {
	step := time.Duration(0)
	if !math.IsInf(t.shownSpeed, 1) && t.shownSpeed > 0 {
		step = max(time.Duration(t.shownSpeed*float64(time.Second)/20), 1)
	}
	return locale.T("transport.time-of-length", clockTo(at, t.length, step), span(t.length))
}

// SetFrame shows a frame. It is cheap if little has changed.
func (t *transport) SetFrame(f *control.Frame) {
	t.length = f.Length
	t.Timeline.setFrame(f)
	if text := t.nowText(t.Timeline.shown()); text != t.now.Text {
		t.now.SetText(text)
	}
	if f.Mode != t.mode || t.play.Icon == nil {
		t.mode = f.Mode
		if f.Mode == control.Playing || f.Mode == control.Seeking {
			t.play.SetIcon(theme.MediaPauseIcon())
		} else {
			t.play.SetIcon(theme.MediaPlayIcon())
		}
	}
	if f.Speed != t.shownSpeed {
		t.shownSpeed = f.Speed
		t.setting = true
		t.speed.SetValue(float64(stopOf(f.Speed)))
		t.speedText.SetText(speedName(f.Speed))
		t.setting = false
	}
	if to := f.Accident && t.Timeline.accident(); to == t.accident.Hidden {
		t.accident.Hidden = !to
		t.content.Refresh()
	}
	if int(f.Tempo) != t.tempo.SelectedIndex() {
		t.setting = true
		t.tempo.SetSelectedIndex(int(f.Tempo))
		t.setting = false
	}
	notice := stopText(f.Stopped)
	switch {
	case f.Mode == control.Seeking:
		notice = locale.T("transport.seeking")
	case notice == "":
		notice = paceOf(f)
	}
	if notice != t.notice.Text {
		t.notice.SetText(notice)
	}
}

// tempoNames are the names of the tempos, in their order.
func tempoNames() []string {
	return []string{locale.T("tempo.by-hand"), locale.T("tempo.by-itself"), locale.T("tempo.message"), locale.T("tempo.line"), locale.T("tempo.run")}
}

// stopText is the text on why playback stopped.
func stopText(why control.Stop) string {
	switch why {
	case control.RunOver:
		return locale.T("stop.run-over")
	case control.StartedOver:
		return locale.T("stop.started-over")
	case control.FaultChanged:
		return locale.T("stop.fault")
	case control.SomethingFailed:
		return locale.T("stop.failure")
	case control.OperationOver:
		return locale.T("stop.operation-over")
	case control.NoFaultAhead:
		return locale.T("stop.no-fault")
	case control.NoFailureAhead:
		return locale.T("stop.no-failure")
	case control.ConditionMet:
		return locale.T("stop.condition")
	case control.NoSuchMoment:
		return locale.T("stop.no-condition")
	}
	return ""
}

// paceOf is the text shown when the machine is slower than the requested speed.
func paceOf(f *control.Frame) string {
	if f.Mode == control.Playing && f.Pace > 0 && (math.IsInf(f.Speed, 1) || f.Pace < 0.8*f.Speed) {
		return locale.T("transport.pace", speedName(round2(f.Pace)))
	}
	return ""
}

// round2 keeps two digits, so that a changing number can be read.
func round2(x float64) float64 {
	if x <= 0 {
		return x
	}
	scale := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/scale) * scale
}

package ui

import (
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/draw"
	"asynclab/sim/model"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// knob is one parameter: its name, a slider where it has a number, and its value
// as written in a scenario, which can be typed too.
type knob struct {
	p       control.Param
	r       sliderRange
	slider  *widget.Slider
	entry   *widget.Entry
	mistake *widget.Label
	name    *widget.Label
	setting bool
	onSet   func(path, value string)
	check   func(path, value string) error
	content fyne.CanvasObject
}

// sliderRange maps a slider from 0 to 1 to the values of a parameter.
type sliderRange struct {
	lo, hi float64
	log    bool
	whole  bool
}

// rangeOf is what a slider offers around a parameter's first value: a tenth to
// ten times of it, a share from nothing to all, a count from its least.
func rangeOf(p model.Param, initial float64) sliderRange {
	r := sliderRange{whole: p.Kind == model.ParamInteger}
	switch {
	case p.Kind == model.ParamRatio:
		r.lo, r.hi = 0, 1
	case r.whole && !math.IsInf(initial, 1) && initial <= 20:
		r.lo, r.hi = p.Min, math.Max(20, 4*initial)
	case initial > 0 && !math.IsInf(initial, 1):
		r.lo, r.hi, r.log = initial/10, initial*10, true
	case p.Unit == draw.Seconds:
		r.lo, r.hi = 0, 1
	default:
		r.lo, r.hi = 0, 100
	}
	r.lo, r.hi = math.Max(r.lo, p.Min), math.Min(r.hi, p.Max)
	if r.whole && r.log {
		r.lo = math.Max(1, math.Floor(r.lo))
	}
	return r
}

func (r sliderRange) value(at float64) float64 {
	v := r.lo + at*(r.hi-r.lo)
	if r.log {
		v = r.lo * math.Pow(r.hi/r.lo, at)
	}
	if r.whole {
		return math.Round(v)
	}
	return round2(v)
}

func (r sliderRange) at(v float64) float64 {
	x := (v - r.lo) / (r.hi - r.lo)
	if r.log {
		x = math.Log(v/r.lo) / math.Log(r.hi/r.lo)
	}
	if math.IsNaN(x) {
		return 0
	}
	return math.Min(1, math.Max(0, x))
}

func newKnob(p control.Param, onSet func(path, value string), check func(path, value string) error) *knob {
	k := &knob{p: p, onSet: onSet, check: check, mistake: widget.NewLabel(""), entry: widget.NewEntry()}
	k.mistake.Importance, k.mistake.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	k.mistake.Hide()
	initial := p.Value
	k.r = rangeOf(p.Param, initial)
	k.name = widget.NewLabel(locale.Doc(p.Doc))
	k.name.Wrapping = fyne.TextWrapWord
	k.name.SizeName = theme.SizeNameCaptionText
	k.entry.OnSubmitted = k.typed
	var reset *hintButton
	reset = newHintButton(theme.ContentUndoIcon(), locale.T("Back to %s, as the scenario has it", p.Initial), func() { k.onSet(k.p.Path, k.p.Initial) })
	reset.Importance = widget.LowImportance
	head := container.NewBorder(nil, nil, nil, container.NewHBox(fixedWidth(k.entry, 128), reset), k.title())
	rows := []fyne.CanvasObject{head}
	if p.Kind != model.ParamDist && k.r.hi > k.r.lo {
		k.slider = widget.NewSlider(0, 1)
		k.slider.Step = 0.005
		if k.r.whole && !k.r.log {
			k.slider.Step = 1 / (k.r.hi - k.r.lo)
		}
		k.slider.OnChanged = func(at float64) {
			if !k.setting {
				k.entry.SetText(draw.FormatQuantity(k.r.value(at), p.Unit))
			}
		}
		k.slider.OnChangeEnded = func(at float64) {
			if !k.setting {
				k.onSet(p.Path, draw.FormatQuantity(k.r.value(at), p.Unit))
			}
		}
		rows = append(rows, k.slider)
	}
	rows = append(rows, k.mistake)
	k.content = container.NewVBox(rows...)
	if !p.Live {
		k.entry.Disable()
		reset.Hide()
		if k.slider != nil {
			k.slider.Disable()
		}
	}
	k.show(p)
	return k
}

// title is what the parameter does, with its path in small.
func (k *knob) title() fyne.CanvasObject {
	path := widget.NewLabel(k.p.Path)
	path.SizeName, path.Importance = theme.SizeNameCaptionText, widget.LowImportance
	path.Truncation = fyne.TextTruncateEllipsis
	if !k.p.Live {
		k.name.SetText(k.name.Text + " · " + locale.T("fixed while it runs"))
	}
	return container.New(tight{}, k.name, path)
}

// typed is a value that was written by hand.
func (k *knob) typed(text string) {
	if err := k.check(k.p.Path, text); err != nil {
		k.mistake.SetText(plain(err))
		k.mistake.Show()
		return
	}
	k.mistake.Hide()
	k.onSet(k.p.Path, text)
}

// show presents the value as it is now, unless somebody is writing.
func (k *knob) show(p control.Param) {
	if k.p.Text == p.Text && k.entry.Text != "" {
		return
	}
	k.p = p
	k.setting = true
	k.mistake.Hide()
	k.entry.SetText(p.Text)
	if k.slider != nil {
		k.slider.SetValue(k.r.at(p.Value))
	}
	k.setting = false
}

// tight stacks labels closer than a VBox does.
type tight struct{}

func (tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		m := o.MinSize()
		size.Width = max(size.Width, min(m.Width, 60))
		size.Height += m.Height - 10
	}
	return size.AddWidthHeight(0, 10)
}

func (tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		o.Move(fyne.NewPos(0, y))
		y += o.MinSize().Height - 10
	}
}

// foremost orders the parameters of an element: those that people reach for
// first, then the rest as declared. It returns how many are in front.
func foremost(ps []control.Param) (ordered []control.Param, front int) {
	first := []string{"rate", "users", "workers", "queue", "instances", ".work.mean", ".work", "think.mean", "latency.mean", "latency", "loss", "duplicate",
		"errors", "speed", "max_length", "prefetch", "timeout", "deadline", "retry.attempts", "backoff.mean", "ttl", "visibility", "max_deliveries"}
	rank := func(p control.Param) int {
		best := len(first)
		for i, f := range first {
			if strings.HasSuffix(p.Path, "."+strings.TrimPrefix(f, ".")) {
				best = i
				break
			}
		}
		if p.Kind == model.ParamDist { // its mean has the slider
			best += len(first)
		}
		if !p.Live {
			best += 2 * len(first)
		}
		return best
	}
	ordered = slices.Clone(ps)
	slices.SortStableFunc(ordered, func(a, b control.Param) int { return rank(a) - rank(b) })
	for front < len(ordered) && rank(ordered[front]) < len(first) {
		front++
	}
	return ordered, front
}

package bench

import (
	"errors"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// knob is one parameter: its name, a slider if it is a number, and its value as
// written in a scenario, which can also be edited.
type knob struct {
	p       control.Param
	Range   sliderRange
	Slider  *keyed.Slider
	Entry   *keyed.Entry
	Mistake *widget.Label
	name    *window.Label
	reset   *window.Button
	vary    *window.Button
	setting bool
	onSet   func(path, value string)
	check   func(path, value string) error
	content fyne.CanvasObject
}

// sliderRange maps slider positions from 0 to 1 to values of a parameter.
type sliderRange struct {
	lo, hi float64
	log    bool
	whole  bool
}

// rangeOf is the range of the slider for a parameter's initial value: a tenth
// to ten times the value; a share from 0 to 1; a count from its minimum.
func rangeOf(p design.Param, initial float64) sliderRange {
	r := sliderRange{whole: p.Kind == design.ParamInteger}
	switch {
	case p.Kind == design.ParamRatio:
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

func (r sliderRange) At(v float64) float64 {
	x := (v - r.lo) / (r.hi - r.lo)
	if r.log {
		x = math.Log(v/r.lo) / math.Log(r.hi/r.lo)
	}
	if math.IsNaN(x) {
		return 0
	}
	return math.Min(1, math.Max(0, x))
}

func newKnob(element string, p control.Param, onSet func(path, value string), check func(path, value string) error, vary func(path string)) *knob {
	k := &knob{p: p, onSet: onSet, check: check, Mistake: widget.NewLabel(""), Entry: keyed.NewEntry()}
	k.Mistake.Importance, k.Mistake.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	k.Mistake.Hide()
	initial := p.Value
	k.Range = rangeOf(p.Param, initial)
	k.name = window.NewLabel(nameOf(element, p), p.Path)
	k.name.Truncation, k.name.Wrapping = fyne.TextTruncateOff, fyne.TextWrapWord
	k.name.SizeName = theme.SizeNameCaptionText
	k.Entry.OnSubmitted = k.typed
	k.reset = window.NewButton(theme.ContentUndoIcon(), locale.T("parameter.reset", initialText(p)), func() { k.onSet(k.p.Path, k.p.Initial) })
	k.reset.Importance = widget.LowImportance
	over := window.NewButton(palette.Icon("sweep"), locale.T("parameter.vary"), func() { vary(p.Path) })
	over.Importance = widget.LowImportance
	over.Hidden = vary == nil
	right := container.NewHBox(window.FixedWidth(k.Entry, 112), k.reset, over)
	var slider fyne.CanvasObject = layout.NewSpacer()
	if p.Kind != design.ParamDist && k.Range.hi > k.Range.lo {
		k.Slider = k.newSlider()
		slider = k.Slider
	} else {
		right = container.NewHBox(window.FixedWidth(k.Entry, 200), k.reset, over)
	}
	k.content = container.New(tight{}, k.name, container.NewBorder(nil, nil, nil, right, slider), k.Mistake)
	if !p.Live {
		k.Entry.Disable()
		k.reset.Hide()
		if k.Slider != nil {
			k.Slider.Disable()
		}
	}
	k.vary = over
	k.show(p)
	return k
}

func (k *knob) newSlider() *keyed.Slider {
	sl := keyed.NewSlider(0, 1)
	sl.Step = 0.005
	if k.Range.whole && !k.Range.log {
		sl.Step = 1 / (k.Range.hi - k.Range.lo)
	}
	text := func(at float64) string { return draw.FormatQuantity(k.Range.value(at), k.p.Unit) }
	sl.OnChanged = func(at float64) {
		if !k.setting {
			k.Entry.SetText(text(at))
		}
	}
	sl.OnChangeEnded = func(at float64) {
		if !k.setting {
			k.onSet(k.p.Path, text(at))
		}
	}
	return sl
}

// nameOf describes a parameter in words.
func nameOf(element string, p control.Param) string {
	text := p.Doc
	if p.Kind == design.ParamMean {
		text = strings.TrimPrefix(text, "mean of: ")
		text = strings.TrimSuffix(text, " (scales it, the shape stays)")
	}
	text = locale.Word(p.ID, text)
	if p.Kind == design.ParamMean {
		text = locale.T("parameter.on-average", text)
	}
	if step := stepOf(element, p.Path); step != "" {
		text = locale.T("text.with-detail", step, text)
	}
	if !p.Live {
		text += " · " + locale.T("parameter.fixed")
	}
	return text
}

// stepOf is the part of an element that a parameter belongs to, in the words of
// its scenario: a handler and its step, a consumed queue, a direction of a
// link, a queue of a broker; "" if the element has no parts.
func stepOf(element, path string) string {
	if _, rest, ok := strings.Cut(path, ".on."); ok {
		if parts := strings.SplitN(rest, ".", 3); len(parts) > 1 {
			return parts[0] + " · " + strings.Replace(parts[1], ":", " ", 1)
		}
	}
	if _, rest, ok := strings.Cut(path, ".consumes."); ok {
		queue, _, _ := strings.Cut(rest, ".")
		return queue
	}
	if rest, ok := strings.CutPrefix(path, "link."); ok {
		link, _, _ := strings.Cut(rest, ".")
		return strings.ReplaceAll(link, "->", " → ")
	}
	if rest, ok := strings.CutPrefix(path, "queue."); ok && !strings.HasPrefix(rest, element+".") {
		queue, _, _ := strings.Cut(rest, ".")
		return queue
	}
	if parts := strings.Split(path, "."); len(parts) == 3 && parts[0] == "service" {
		return parts[2]
	}
	return ""
}

// written is a value as it is shown. The mean of a distribution is computed,
// and may have more digits than are useful.
func written(p control.Param) string {
	if p.Kind != design.ParamMean || math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
		return p.Text
	}
	return draw.FormatQuantity(round3(p.Value), p.Unit)
}

func initialText(p control.Param) string {
	if p.Text == p.Initial {
		return written(p)
	}
	return p.Initial
}

// typed handles a value entered as text.
func (k *knob) typed(text string) {
	if err := k.check(k.p.Path, text); err != nil {
		k.Mistake.SetText(strings.ReplaceAll(window.Plain(withoutPath(err)), "\n", " "))
		k.Mistake.Show()
		return
	}
	k.Mistake.Hide()
	if c := fyne.CurrentApp().Driver().CanvasForObject(k.Entry); c != nil {
		c.Unfocus() // return keys to the window
	}
	k.onSet(k.p.Path, text)
}

// withoutPath is the message of a mistake without its path, for use beside the
// parameter.
func withoutPath(err error) error {
	var wrong *design.ParamError
	if !errors.As(err, &wrong) {
		return err
	}
	return spell.Advise(wrong, wrong.Advice())
}

// show displays the current value, unless a new one is being entered.
func (k *knob) show(p control.Param) {
	if k.p.Text == p.Text && k.Entry.Text != "" {
		return
	}
	k.p = p
	k.setting = true
	k.Mistake.Hide()
	changed := p.Text != p.Initial
	window.Enable(&k.reset.Button, changed)
	if k.name.TextStyle.Bold != changed {
		k.name.TextStyle.Bold = changed
		k.name.Refresh()
	}
	k.Entry.SetText(written(p))
	if k.Slider != nil {
		k.Slider.SetValue(k.Range.At(p.Value))
	}
	k.setting = false
}

// tight stacks labels with less space than a VBox.
type tight struct{}

const tightness = 5

func (tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, min(m.Width, 60))
		size.Height += m.Height - tightness
	}
	return size.AddWidthHeight(0, tightness)
}

func (tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		o.Move(fyne.NewPos(0, y))
		y += o.MinSize().Height - tightness
	}
}

// foremost orders the parameters of an element: the most useful first, by their
// rank, then the rest as declared, then those that cannot change now. It
// returns the number of the first group.
func foremost(ps []control.Param) (ordered []control.Param, front int) {
	// Of a distribution, the mean has the slider.
	inFront := func(p control.Param) bool { return p.Rank > 0 && p.Live && p.Kind != design.ParamDist }
	rank := func(p control.Param) int {
		switch {
		case inFront(p):
			return p.Rank
		case p.Live:
			return math.MaxInt - 1
		}
		return math.MaxInt
	}
	ordered = slices.Clone(ps)
	slices.SortStableFunc(ordered, func(a, b control.Param) int { return rank(a) - rank(b) })
	for front < len(ordered) && inFront(ordered[front]) {
		front++
	}
	return ordered, front
}

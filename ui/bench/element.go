package bench

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// elementPanel shows the node or link that was tapped: its parameters, its
// possible faults, and its numbers.
type elementPanel struct {
	b       *Bench
	lane    int
	element string
	kind    topology.Kind
	link    bool

	box      *fyne.Container
	faults   *fyne.Container
	Knobs    map[string]*knob
	readings map[string]*widget.Label
	broken   string // the active faults when the panel was last filled
	full     bool   // the parameters and numbers have been added
	Content  fyne.CanvasObject
}

func newElementPanel(b *Bench) *elementPanel {
	p := &elementPanel{b: b, box: container.NewVBox()}
	p.Content = window.NewForm(container.NewPadded(p.box))
	p.empty()
	return p
}

func (p *elementPanel) empty() {
	text := widget.NewLabel(locale.T("element.help"))
	text.Wrapping = fyne.TextWrapWord
	p.element = ""
	p.box.Objects = []fyne.CanvasObject{text}
	p.box.Refresh()
}

// Show selects an element. An element is an ID of the graph, or "a->b".
func (p *elementPanel) Show(lane int, element string) {
	p.lane, p.element = lane, element
	p.link = strings.Contains(element, "->")
	p.Knobs, p.readings = map[string]*knob{}, map[string]*widget.Label{}
	title := widget.NewLabelWithStyle(p.b.elementName(element), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameSubHeadingText
	title.Truncation = fyne.TextTruncateEllipsis
	p.kind = p.b.kindOf(lane, element)
	what := widget.NewLabel(p.what())
	if len(p.b.Scenes) > 1 {
		what.SetText(locale.T("element.of-several-designs", p.what(), p.b.LaneName(lane)))
	}
	what.Importance, what.Wrapping = widget.LowImportance, fyne.TextWrapWord
	p.box.Objects = []fyne.CanvasObject{container.New(tight{}, title, what)}
	p.faults = container.NewVBox()
	p.box.Add(p.faults)
	p.addFaults()
	p.full = false
	p.refresh(p.b.Board)
	p.box.Refresh()
}

func (p *elementPanel) what() string {
	if p.link {
		return locale.T("element.kind-link")
	}
	switch p.kind {
	case topology.Client:
		return locale.T("element.kind-client")
	case topology.Topic:
		return locale.T("element.kind-topic")
	}
	return locale.Say(p.kind.Word())
}

func (p *elementPanel) addKnobs(all []control.Param) {
	ps, front := foremost(all)
	if len(ps) == 0 {
		return
	}
	p.box.Add(window.SectionTitle(locale.T("element.change")))
	set := func(path, value string) { p.b.Set(p.lane, path, value) }
	check := func(path, value string) error { return p.b.valid(p.lane, path, value) }
	for _, q := range ps[:front] {
		k := newKnob(p.element, p.b.lock(q), set, check, p.b.OnVary)
		p.Knobs[q.Path] = k
		p.b.Named["param:"+q.Path] = k.Entry
		if k.Slider != nil {
			p.b.Named["slider:"+q.Path] = k.Slider
		}
		p.box.Add(k.content)
	}
	if front == len(ps) {
		return
	}
	rest := ps[front:]
	more := container.NewVBox()
	more.Hide()
	for _, q := range rest {
		k := newKnob(p.element, p.b.lock(q), set, check, p.b.OnVary)
		p.Knobs[q.Path] = k
		more.Add(k.content)
	}
	var unfold *keyed.Button
	unfold = keyed.NewButton(locale.T("element.more-parameters", len(rest)), theme.MenuDropDownIcon(), func() {
		if more.Hidden {
			more.Show()
			unfold.SetIcon(theme.MenuDropUpIcon())
		} else {
			more.Hide()
			unfold.SetIcon(theme.MenuDropDownIcon())
		}
		p.box.Refresh()
	})
	unfold.Alignment, unfold.Importance = widget.ButtonAlignLeading, widget.LowImportance
	p.b.Named["more-parameters"] = unfold
	p.box.Add(unfold)
	p.box.Add(more)
}

// lock is a parameter as it may be changed now.
func (b *Bench) lock(q control.Param) control.Param {
	if b.Locked != nil && b.Locked(q.Path) {
		q.Live = false
	}
	return q
}

// addFaults offers the faults of the element. One that is active is healed by the
// same button.
func (p *elementPanel) addFaults() {
	p.broken, p.faults.Objects = p.brokenNow(), nil
	if buttons := p.faultButtons(); buttons != nil {
		p.faults.Objects = []fyne.CanvasObject{window.SectionTitle(locale.T("element.break")), buttons}
	}
	p.faults.Refresh()
}

// brokenNow lists what the buttons of the faults depend on.
func (p *elementPanel) brokenNow() string {
	var b strings.Builder
	if p.lane < len(p.b.Board.Lanes) {
		for _, f := range p.b.Board.Lanes[p.lane].Fault {
			if f.Active {
				b.WriteString(f.Name + "\n")
			}
		}
	}
	for _, end := range []string{".loss", ".latency.mean", ".duplicate"} {
		if _, changed := p.b.changed(p.element, end); p.link && changed {
			b.WriteString(end + "\n")
		}
	}
	return b.String()
}

func (p *elementPanel) faultButtons() fyne.CanvasObject {
	buttons := container.New(layout.NewGridLayout(2))
	offer := func(icon, label string, do func()) {
		b := keyed.NewButton(label, palette.Icon(icon), do)
		b.Alignment = widget.ButtonAlignLeading
		buttons.Add(b)
		p.b.Named["fault:"+icon] = b
	}
	inject := func(icon, label string, f design.Fault) {
		if active := p.b.active(p.lane, &f); active != nil {
			offer(icon, locale.T("element.heal", p.b.sentence(&active.Fault)), func() { p.b.Heal(p.lane, active.Name) })
			return
		}
		offer(icon, label, func() { p.b.Inject(p.lane, f) })
	}
	set := func(icon, label, path string, broken func()) {
		if x, changed := p.b.changed(p.element, path); changed {
			offer(icon, locale.T("element.take-back", label), func() { p.b.Set(p.lane, x.Path, x.Initial) })
			return
		}
		offer(icon, label, broken)
	}
	fifth := func(what string) func() {
		return func() { p.b.Set(p.lane, "link."+p.element+what, "20%") }
	}
	switch {
	case p.link:
		from, to, _ := strings.Cut(p.element, "->")
		inject("cut", locale.T("element.cut-link"), design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: from, To: to}, {From: to, To: from}}})
		set("lose", locale.T("element.lose-a-fifth"), ".loss", fifth(".loss"))
		set("slow", locale.T("element.slow-link"), ".latency.mean", func() { p.b.slowLink(p.lane, p.element) })
		set("duplicate", locale.T("element.duplicate-a-fifth"), ".duplicate", fifth(".duplicate"))
	case p.kind == topology.Service || p.kind == topology.Broker:
		for i := range design.FaultClasses {
			if c := &design.FaultClasses[i]; c.Form == "node" && (c.Broker || p.kind == topology.Service) {
				inject(c.Icon, locale.Word("fault."+c.Word, c.Offer), design.Fault{Kind: design.FaultKind(i), Node: p.element, Factor: c.Usual})
			}
		}
		inject("cut", locale.T("element.cut-off"), design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: p.element, To: "*"}, {From: "*", To: p.element}}})
	default:
		return nil
	}
	return buttons
}

func (p *elementPanel) addReadings(rs []control.Reading) {
	if len(rs) == 0 {
		return
	}
	title := locale.T("element.numbers")
	if w := p.b.Board.Warmup; w > 0 {
		title = locale.T("element.numbers-since", clock(w, p.b.Board.Length))
	}
	p.box.Add(window.SectionTitle(title))
	grid := container.New(&pairs{})
	for _, r := range rs {
		text := r.Name
		if r.Ref.Element == p.element {
			text = r.Ref.Short()
		}
		name := window.NewLabel(text, locale.Metric(r.Ref))
		value := widget.NewLabelWithStyle(readable(r), fyne.TextAlignTrailing, fyne.TextStyle{})
		p.readings[r.Name] = value
		grid.Add(name)
		grid.Add(value)
	}
	p.box.Add(grid)
}

// refresh updates the numbers and the knobs; the first time that they are
// available it creates them.
func (p *elementPanel) refresh(d *control.Board) {
	c := &d.Chosen
	if p.element == "" || c.Element != p.element || c.Lane != p.lane {
		return
	}
	if !p.full {
		p.full = true
		p.addKnobs(c.Params)
		p.addReadings(c.Readings)
		p.addFaults()
		p.box.Refresh()
		return
	}
	if p.brokenNow() != p.broken {
		p.addFaults()
	}
	for _, r := range c.Readings {
		if l := p.readings[r.Name]; l != nil {
			if text := readable(r); text != l.Text {
				l.SetText(text)
			}
		}
	}
	for _, q := range c.Params {
		if k := p.Knobs[q.Path]; k != nil {
			k.show(q)
		}
	}
}

// readable is a value with its unit; a dash if there is none yet.
func readable(r control.Reading) string {
	if math.IsNaN(r.Value) {
		return "—"
	}
	return draw.FormatQuantity(round3(r.Value), r.Unit)
}

// round3 keeps four digits, and all digits of a whole number.
func round3(x float64) float64 {
	if x == math.Trunc(x) || x == 0 {
		return x
	}
	scale := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-3)
	return math.Round(x/scale) * scale
}

// pairs lays out names and values in lines, the values to the right.
type pairs struct{}

func (pairs) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(120, 0)
	for i := 0; i+1 < len(objects); i += 2 {
		size.Height += objects[i].MinSize().Height - 10
	}
	return size.AddWidthHeight(0, 10)
}

func (pairs) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i := 0; i+1 < len(objects); i += 2 {
		h := objects[i].MinSize().Height
		v := min(objects[i+1].MinSize().Width, size.Width*0.6)
		objects[i].Move(fyne.NewPos(0, y))
		objects[i].Resize(fyne.NewSize(size.Width-v, h))
		objects[i+1].Move(fyne.NewPos(size.Width-v, y))
		objects[i+1].Resize(fyne.NewSize(v, h))
		y += h - 10
	}
}

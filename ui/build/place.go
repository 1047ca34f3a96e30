package build

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/bench"
	"asynclab/ui/editor"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/stage"
	"asynclab/ui/window"
)

// Runner shows a scenario in the lab: that of a file as it is on disk, where sc is nil.
type Runner func(name string, sc *scenarios.Scenario)

// Place is the place in which a scenario is written.
type Place struct {
	host *window.Window
	run  Runner

	doc    *document // nil: the page of what to begin with is shown
	buffer *editor.Buffer
	asked  int // documents asked for, so that only the last one is opened

	turn   int           // texts given to be read
	stop   chan struct{} // closing it drops the text that waits to be read
	now    reading       // of the last text that was read
	valid  reading       // of the last valid text
	fresh  bool          // now is of the text as it is
	design string        // that is shown

	here     bool // the place is the one that is shown
	shown    *fyne.Container
	editor   *editor.Editor
	picture  *stage.Stage
	title    *widget.Label
	state    *widget.Label
	list     *fyne.Container
	designs  *keyed.Select
	undo     *window.Button
	redo     *window.Button
	save     *window.Button
	start    *keyed.Button // shows it in the lab
	controls map[string]fyne.CanvasObject

	from    string // the element at which a connection begins that is being made
	next    string // the element to light once the picture has it
	told    *widget.Label
	rubber  *canvas.Line
	form    form
	fields  *fyne.Container
	connect *keyed.Button
	name    *keyed.Button
	remove  *keyed.Button
}

// NewPlace makes the place; run shows a scenario in the lab.
func NewPlace(host *window.Window, run Runner) *Place {
	return &Place{host: host, run: run, controls: map[string]fyne.CanvasObject{}}
}

const (
	prefFile = "build.file"
	pause    = 250 * time.Millisecond // of typing, before the text is read
)

// Open opens a file, or a copy of a scenario of the library; it asks first if a text
// that is not saved would be lost.
func (p *Place) Open(name string) {
	name = window.WholePath(name)
	p.Leaving(func() {
		p.asked++
		turn := p.asked
		go func() {
			d, err := openDocument(name)
			fyne.Do(func() {
				if turn != p.asked {
					return
				}
				if err != nil {
					p.host.Fail(locale.T("error.file-not-opened"), err)
					return
				}
				p.put(d)
			})
		}()
	})
}

// OpenWith opens a file, or a copy of a scenario of the library, and makes text of its
// text, which can be undone; what is neither is a new text.
func (p *Place) OpenWith(name string, text []byte) {
	name = window.WholePath(name)
	p.Leaving(func() {
		p.asked++
		turn := p.asked
		go func() {
			d, err := openDocument(name)
			changed := &document{name: "my-scenario.yaml"}
			changed.take(text)
			fyne.Do(func() {
				switch {
				case turn != p.asked:
				case err != nil:
					p.put(changed)
				default:
					p.put(d)
					p.editor.Replace(0, len(d.text), changed.text)
				}
			})
		}()
	})
}

// new begins a text that has no file yet.
func (p *Place) new(text []byte) {
	p.Leaving(func() {
		p.asked++
		d := &document{name: "my-scenario.yaml"}
		d.take(text)
		p.put(d)
	})
}

func (p *Place) put(d *document) {
	p.doc, p.buffer = d, editor.NewBuffer(d.text)
	p.now, p.valid, p.design = reading{}, reading{}, ""
	if d.path != "" {
		p.host.Remember(d.path)
	}
	p.host.Prefs.Set(prefFile, d.path)
	p.refill()
	p.focus()
	p.read(0)
}

// close returns to the page of what to begin with.
func (p *Place) close() {
	p.Leaving(func() {
		p.drop()
		p.doc, p.buffer = nil, nil
		p.host.Prefs.Set(prefFile, "")
		p.refill()
	})
}

// drop forgets a text that is still being read.
func (p *Place) drop() {
	p.turn++
	if p.stop != nil {
		close(p.stop)
		p.stop = nil
	}
}

// read reads the text after a pause in which it does not change.
func (p *Place) read(after time.Duration) {
	p.drop()
	p.fresh = false
	stop := make(chan struct{})
	p.stop = stop
	turn, doc, text := p.turn, *p.doc, p.buffer.Text()
	wait := p.host.Clock.After(after)
	go func() {
		if after > 0 {
			select {
			case <-stop:
				return
			case <-wait:
			}
		}
		r := doc.read(text)
		fyne.Do(func() {
			if turn == p.turn {
				p.hasRead(r)
			}
		})
	}()
}

func (p *Place) hasRead(r reading) {
	p.now, p.fresh = r, true
	if r.scenario != nil {
		p.valid = r
	}
	if p.shown == nil || p.editor == nil {
		return
	}
	p.mark()
	p.fillList()
	p.fillForm()
	if r.scenario != nil {
		p.draw()
	}
	p.refresh()
}

// Build makes the content of the place.
func (p *Place) Build() fyne.CanvasObject {
	p.shown = container.NewStack()
	p.refill()
	return p.shown
}

func (p *Place) refill() {
	if p.shown == nil {
		return
	}
	clear(p.controls)
	var o fyne.CanvasObject
	if p.doc == nil {
		p.editor = nil
		o = p.firstPage()
	} else {
		o = p.workshop()
	}
	p.shown.Objects = []fyne.CanvasObject{o}
	p.shown.Refresh()
	p.host.Win.Canvas().Unfocus() // the focused widget is gone, and would still receive the keys
	if p.editor == nil {
		return
	}
	if p.fresh {
		p.hasRead(p.now)
	}
	if len(p.valid.scenes) > 0 {
		p.draw()
	}
}

// focus gives the keys to the text, where it is in the window.
func (p *Place) focus() {
	if p.here && p.editor != nil {
		p.host.Win.Canvas().Focus(p.editor.Focused())
	}
}

// workshop is the text beside its picture.
func (p *Place) workshop() fyne.CanvasObject {
	p.editor = editor.New(p.buffer)
	p.editor.Complete = complete
	p.editor.OnChange = func() { p.read(pause); p.refresh() }
	p.editor.OnMove = p.follow
	p.list = container.NewVBox()
	p.state = widget.NewLabel("")
	p.state.Truncation = fyne.TextTruncateEllipsis
	text := container.NewVSplit(p.editor, container.NewBorder(p.state, nil, nil, nil, container.NewVScroll(p.list)))
	text.SetOffset(0.8)

	p.picture = stage.New()
	p.picture.OnTapNode, p.picture.OnPull = p.tapNode, p.pull
	p.picture.OnTapNothing = func() { p.from = ""; p.light("") }
	p.rubber = canvas.NewLine(color.Transparent)
	p.told = widget.NewLabel("")
	p.told.Truncation = fyne.TextTruncateEllipsis
	p.fields, p.form = container.NewVBox(), form{}
	p.designs = keyed.NewSelect(nil, func(name string) {
		if name != p.design {
			p.design = name
			p.draw()
		}
	})
	p.controls["editor"], p.controls["stage:0"], p.controls["build:design"] = p.editor, p.picture, p.designs
	twin := window.NewButton(theme.ContentCopyIcon(), locale.T("build.copy-design"), p.copyDesign)
	twin.Importance = widget.LowImportance
	p.controls["build:copy-design"] = twin
	choice := container.NewBorder(nil, nil, container.NewHBox(widget.NewLabel(locale.T("lab.design")), p.designs, twin), nil, p.told)
	beside := container.NewVSplit(container.NewBorder(container.NewVBox(choice, p.tray()), nil, nil, nil,
		container.NewStack(p.picture, container.NewWithoutLayout(p.rubber))), window.NewForm(container.NewPadded(p.fields)))
	beside.SetOffset(0.68)
	whole := container.NewHSplit(text, beside)
	whole.SetOffset(0.48)
	return container.NewBorder(container.NewVBox(p.tools(), widget.NewSeparator()), nil, nil, nil, whole)
}

// tools are the buttons above the text.
func (p *Place) tools() fyne.CanvasObject {
	button := func(name string, icon fyne.Resource, text string, do func()) *window.Button {
		b := window.NewButton(icon, text, do)
		b.Importance = widget.LowImportance
		p.controls["build:"+name] = b
		return b
	}
	home := button("open-another", palette.Icon("scenario"), locale.T("scenario.open-another"), p.close)
	p.undo = button("undo", theme.ContentUndoIcon(), locale.T("changes.undo"), p.Undo)
	p.redo = button("redo", theme.ContentRedoIcon(), locale.T("changes.redo"), p.Redo)
	p.save = button("save", theme.DocumentSaveIcon(), locale.T("action.save"), p.Save)
	as := keyed.NewButton(locale.T("build.save-as"), nil, p.SaveAs)
	as.Importance = widget.LowImportance
	p.start = keyed.NewButton(locale.T("build.run"), theme.MediaPlayIcon(), p.Run)
	p.start.Importance = widget.HighImportance
	p.controls["build:save-as"], p.controls["build:run"] = as, p.start
	p.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	p.title.Truncation = fyne.TextTruncateEllipsis
	p.refresh()
	return container.NewBorder(nil, nil, container.NewHBox(home, p.undo, p.redo, p.save, as), p.start, p.title)
}

// refresh shows what can be done now.
func (p *Place) refresh() {
	title := p.doc.name
	if p.dirty() {
		title = "● " + locale.T("build.unsaved", title)
	}
	if p.title.Text != title {
		p.title.SetText(title)
	}
	window.Enable(&p.undo.Button, p.buffer.CanUndo())
	window.Enable(&p.redo.Button, p.buffer.CanRedo())
	window.Enable(&p.save.Button, p.dirty())
	window.Enable(p.start, !p.fresh || p.now.scenario != nil)
	state, wrong, warned := "", 0, 0
	for _, d := range p.now.problems {
		if d.Warning == "" {
			wrong++
		} else {
			warned++
		}
	}
	p.state.Importance = widget.MediumImportance
	switch {
	case !p.fresh:
		state = locale.T("build.reading")
	case wrong > 0 && len(p.valid.scenes) > 0:
		state, p.state.Importance = locale.T("build.mistakes-old-picture", wrong), widget.DangerImportance
	case wrong > 0:
		state, p.state.Importance = locale.T("build.mistakes", wrong), widget.DangerImportance
	case warned > 0:
		state, p.state.Importance = locale.T("build.warnings", warned), widget.WarningImportance
	default:
		state, p.state.Importance = locale.T("build.valid"), widget.SuccessImportance
	}
	p.state.SetText(state)
}

func (p *Place) dirty() bool { return p.doc != nil && (p.buffer.Dirty() || p.doc.path == "") }

// lossy tells whether a text would be lost that somebody has worked on.
func (p *Place) lossy() bool { return p.doc != nil && p.buffer.Dirty() }

// draw shows the chosen design of the last valid text.
func (p *Place) draw() {
	var names []string
	at := 0
	for i, s := range p.valid.scenes {
		names = append(names, s.Design)
		if s.Design == p.design {
			at = i
		}
	}
	if len(names) == 0 {
		return
	}
	p.design = names[at]
	p.designs.Options, p.designs.Selected = names, p.design
	p.designs.Refresh()
	lit := p.Lit()
	p.picture.SetScene(&p.valid.scenes[at])
	if p.next != "" {
		lit = p.next
		p.ShowNode(lit)
		p.next = ""
	}
	p.light(lit)
}

// Undo undoes the last edit.
func (p *Place) Undo() {
	if p.editor != nil {
		p.editor.Undo()
	}
}

// Redo does an edit again that was undone.
func (p *Place) Redo() {
	if p.editor != nil {
		p.editor.Redo()
	}
}

// Suggest shows what can stand at the caret.
func (p *Place) Suggest() {
	if p.editor != nil {
		p.focus()
		p.editor.Suggest()
	}
}

// Run shows the scenario in the lab, as its text is now.
func (p *Place) Run() {
	if p.doc == nil {
		return
	}
	if p.doc.path != "" && !p.buffer.Dirty() {
		p.run(p.doc.path, nil)
		return
	}
	p.drop()
	turn, doc, text := p.turn, *p.doc, p.buffer.Text()
	go func() {
		r := doc.read(text)
		fyne.Do(func() {
			if turn != p.turn {
				return
			}
			p.hasRead(r)
			if r.scenario != nil {
				p.run(doc.name, r.scenario)
			}
		})
	}()
}

// Enter opens the file that was open last.
func (p *Place) Enter() {
	p.here = true
	p.focus()
	if p.doc == nil && p.asked == 0 {
		if file := p.host.Prefs.String(prefFile); file != "" && window.Exists(file) {
			p.Open(file)
		}
	}
}

// Leave keeps the text.
func (p *Place) Leave() { p.shown, p.editor, p.here = nil, nil, false }

// Close forgets what is still being read.
func (p *Place) Close() {
	p.asked++
	p.drop()
}

// Bench is none: nothing runs here.
func (p *Place) Bench() *bench.Bench { return nil }

// Pictures are those that are shown.
func (p *Place) Pictures() []*stage.Stage {
	if p.doc == nil || p.picture == nil {
		return nil
	}
	return []*stage.Stage{p.picture}
}

// Describe is the state of the place.
func (p *Place) Describe() map[string]string {
	d := map[string]string{"file": "", "design": p.design}
	if p.doc == nil {
		return d
	}
	d["file"], d["dirty"] = p.doc.path, strconv.FormatBool(p.dirty())
	d["fresh"], d["valid"] = strconv.FormatBool(p.fresh), strconv.FormatBool(p.now.scenario != nil)
	d["problems"] = fmt.Sprint(len(p.now.problems))
	d["lit"], d["text"] = p.Lit(), p.buffer.Text()
	d["lines"] = strconv.Itoa(strings.Count(p.buffer.Text(), "\n"))
	return d
}

// Controls are what can be pressed, by name.
func (p *Place) Controls() map[string]fyne.CanvasObject { return p.controls }

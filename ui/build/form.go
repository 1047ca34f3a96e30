package build

import (
	"fmt"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/sim/spec"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// form is the settings of the element that is lit, made from the language's tables.
type form struct {
	id       string
	rows     []formRow
	handlers []scenarios.SketchHandler // as they are shown
}

type formRow struct {
	key    string
	value  string // as it is written
	entry  *fieldEntry
	choice *keyed.Select
}

// fieldEntry is an entry that is taken when the focus leaves it, too.
type fieldEntry struct {
	keyed.Entry
	focused bool
	last    string // the text that is written, or was taken
	take    func(string)
}

func newFieldEntry(take func(string)) *fieldEntry {
	e := &fieldEntry{take: take}
	e.OnSubmitted = e.submit
	e.Extend(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *fieldEntry) FocusGained() { e.focused = true; e.Entry.FocusGained() }

// FocusLost implements fyne.Focusable.
func (e *fieldEntry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	e.submit(e.Text)
}

// TypedShortcut implements fyne.Shortcutable: what is typed is taken before the text is
// saved, say.
func (e *fieldEntry) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*desktop.CustomShortcut); ok {
		e.submit(e.Text)
	}
	e.Entry.TypedShortcut(s)
}

// submit takes a text once.
func (e *fieldEntry) submit(text string) {
	if text != e.last && e.take != nil {
		e.last = text
		e.take(text)
	}
}

// show shows what is written.
func (e *fieldEntry) show(text string) {
	e.last = text
	e.SetText(text)
}

// fillForm shows the settings of the element that is lit, as they are written now.
func (p *Place) fillForm() {
	id := p.Lit()
	var fields []scenarios.SketchField
	var handlers []scenarios.SketchHandler
	if s, err := scenarios.OpenSketch(p.buffer.Text(), p.design); err == nil {
		fields, handlers = s.Fields(id), s.Handlers(id)
	} else if id == p.form.id {
		return // until the text can be read again
	}
	if !p.form.same(id, fields) || !reflect.DeepEqual(p.form.handlers, handlers) {
		p.form = form{id: id, handlers: handlers}
		p.fields.Objects = nil
		if len(fields) > 0 {
			p.fields.Add(window.SectionTitle(id))
		}
		p.buildSteps(id, handlers)
		p.buildForm(id, fields)
	}
	for i, f := range fields {
		r := &p.form.rows[i]
		r.value = f.Value
		switch {
		case r.choice != nil:
			r.choice.Selected = f.Value
			if f.Value == "" {
				r.choice.Selected = r.choice.Options[0]
			}
			r.choice.Refresh()
		case !r.entry.focused && r.entry.Text != f.Value:
			r.entry.show(f.Value)
		}
	}
}

func (f *form) same(id string, fields []scenarios.SketchField) bool {
	if f.id != id || len(f.rows) != len(fields) {
		return false
	}
	for i := range fields {
		if f.rows[i].key != fields[i].Key {
			return false
		}
	}
	return true
}

func (p *Place) buildForm(id string, fields []scenarios.SketchField) {
	grid := container.New(layout.NewFormLayout())
	for i, f := range fields {
		take := func(text string) {
			if text != p.form.rows[i].value && p.form.id == id {
				p.edit(func(s *scenarios.Sketch) (string, error) { return s.Set(id, f.Key, text) })
			}
		}
		row := formRow{key: f.Key}
		name := window.NewLabel(f.Key, locale.Field(f.Field))
		name.Truncation = fyne.TextTruncateOff
		grid.Add(name)
		var control fyne.CanvasObject
		if f.Field.Kind == spec.YesNo || f.Field.Kind == spec.Word {
			none := locale.T("build.default", locale.Default(f.Field))
			row.choice = keyed.NewSelect(append([]string{none}, f.Words...), nil)
			row.choice.OnChanged = func(text string) {
				if text == none {
					text = ""
				}
				take(text)
			}
			control = row.choice
		} else {
			row.entry = newFieldEntry(take)
			row.entry.SetPlaceHolder(locale.Default(f.Field))
			if f.Field.Default.Required || f.Default == "" {
				row.entry.SetPlaceHolder(f.Example)
			}
			control = row.entry
		}
		kind := widget.NewLabel(locale.Noun(f.Kind))
		kind.SizeName, kind.Importance = theme.SizeNameCaptionText, widget.LowImportance
		grid.Add(container.NewBorder(nil, nil, nil, kind, control))
		p.controls["build:field:"+f.Key] = control
		p.form.rows = append(p.form.rows, row)
	}
	p.fields.Add(grid)
	p.fields.Refresh()
}

// buildSteps shows the handlers of a service as lists of steps.
func (p *Place) buildSteps(id string, handlers []scenarios.SketchHandler) {
	for _, h := range handlers {
		title := widget.NewLabel(locale.T("build.handler", h.Name))
		title.TextStyle.Bold = true
		p.fields.Add(title)
		set := func(i int) func(string) {
			return func(text string) {
				if i < len(h.Steps) && text == h.Steps[i] || p.form.id != id {
					return
				}
				p.edit(func(s *scenarios.Sketch) (string, error) { return s.SetStep(id, h.Name, i, text) })
			}
		}
		for i, step := range append(slices.Clone(h.Steps), "") {
			e := newFieldEntry(nil)
			e.show(step)
			e.SetPlaceHolder(locale.T("build.add-step"))
			if scenarios.OneLine(step) {
				e.take = set(i)
			} else {
				e.Disable()
			}
			p.controls[fmt.Sprintf("build:step:%s:%d", h.Name, i)] = e
			away := window.NewButton(theme.DeleteIcon(), locale.T("build.delete"), func() { set(i)("") })
			away.Importance, away.Hidden = widget.LowImportance, i == len(h.Steps)
			p.fields.Add(container.NewBorder(nil, nil, widget.NewLabel(fmt.Sprintf("%d.", i+1)), away, e))
		}
	}
	if p.isService(id) {
		e := newFieldEntry(func(name string) {
			if name != "" && p.form.id == id {
				p.edit(func(s *scenarios.Sketch) (string, error) { return s.AddHandler(id, name) })
			}
		})
		e.SetPlaceHolder(locale.T("build.add-handler"))
		p.controls["build:handler"] = e
		p.fields.Add(e)
	}
}

func (p *Place) isService(id string) bool {
	s, err := scenarios.OpenSketch(p.buffer.Text(), p.design)
	return err == nil && s.IsService(id)
}

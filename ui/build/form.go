package build

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
	id   string
	rows []formRow
}

type formRow struct {
	key    string
	value  string // as it is written
	entry  *fieldEntry
	choice *keyed.Select
}

// fieldEntry is an entry that is taken when the focus leaves it, too.
type fieldEntry struct {
	widget.Entry
	focused bool
	take    func(string)
}

func newFieldEntry(take func(string)) *fieldEntry {
	e := &fieldEntry{take: take}
	e.OnSubmitted = take
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *fieldEntry) FocusGained() { e.focused = true; e.Entry.FocusGained() }

// FocusLost implements fyne.Focusable.
func (e *fieldEntry) FocusLost() { e.focused = false; e.Entry.FocusLost(); e.take(e.Text) }

// fillForm shows the settings of the element that is lit, as they are written now.
func (p *Place) fillForm() {
	id := p.Lit()
	var fields []scenarios.SketchField
	if s, err := scenarios.OpenSketch(p.buffer.Text(), p.design); err == nil {
		fields = s.Fields(id)
	} else if id == p.form.id {
		return // until the text can be read again
	}
	if !p.form.same(id, fields) {
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
			r.entry.SetText(f.Value)
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
	p.form = form{id: id}
	p.fields.Objects = nil
	if len(fields) > 0 {
		p.fields.Add(window.SectionTitle(id))
	}
	grid := container.New(layout.NewFormLayout())
	for i, f := range fields {
		take := func(text string) {
			if text != p.form.rows[i].value && p.form.id == id {
				p.edit(func(s *scenarios.Sketch) (string, error) { return s.Set(id, f.Key, text) })
			}
		}
		row := formRow{key: f.Key}
		name := window.NewLabel(f.Key, locale.Word("param."+f.Field.ID(), f.Field.Doc))
		name.Truncation = fyne.TextTruncateOff
		grid.Add(name)
		var control fyne.CanvasObject
		if f.Field.Kind == spec.YesNo || f.Field.Kind == spec.Word {
			none := locale.T("build.default", f.Default)
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
			row.entry.SetPlaceHolder(f.Default)
			if f.Field.Default.Required || f.Default == "" {
				row.entry.SetPlaceHolder(f.Example)
			}
			control = row.entry
		}
		kind := widget.NewLabel(f.Kind)
		kind.SizeName, kind.Importance = theme.SizeNameCaptionText, widget.LowImportance
		grid.Add(container.NewBorder(nil, nil, nil, kind, control))
		p.controls["build:field:"+f.Key] = control
		p.form.rows = append(p.form.rows, row)
	}
	p.fields.Add(grid)
	p.fields.Refresh()
}

package build

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/editor"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// Save writes the text into its file; a text that has none asks for one.
func (p *Place) Save() { p.saveThen(nil) }

func (p *Place) saveThen(then func()) {
	switch {
	case p.doc == nil:
	case p.doc.path == "":
		p.saveAs(then)
	case p.doc.changedOnDisk():
		dialog.ShowConfirm(locale.T("save.replace"), locale.T("build.changed-on-disk", p.doc.name), func(yes bool) {
			if yes {
				p.write(then)
			}
		}, p.host.Win)
	default:
		p.write(then)
	}
}

func (p *Place) write(then func()) {
	data, buffer := p.doc.bytes(p.buffer.Text()), p.buffer
	version := buffer.Version()
	p.host.Write(p.doc.path, func() ([]byte, error) { return data, nil }, func(file string) { p.saved(file, buffer, version, then) })
}

// SaveAs writes the text into a file that the person names.
func (p *Place) SaveAs() { p.saveAs(nil) }

func (p *Place) saveAs(then func()) {
	if p.doc == nil {
		return
	}
	data, buffer, doc := p.doc.bytes(p.buffer.Text()), p.buffer, *p.doc
	version := buffer.Version()
	p.host.SaveAs(locale.T("save.scenario"), doc.name, func(to string) ([]byte, error) {
		return data, doc.saveData(filepath.Dir(to))
	}, func(file string) { p.saved(file, buffer, version, then) })
}

func (p *Place) saved(file string, buffer *editor.Buffer, version int, then func()) {
	if p.buffer != buffer { // another text is open by now
		return
	}
	buffer.Saved(version)
	p.doc.savedAs(file)
	p.host.Remember(file)
	p.host.Prefs.Set(prefFile, file)
	if p.editor != nil {
		p.refresh()
	}
	if then != nil {
		then()
	}
}

// Leaving calls leave; if a text would be lost that is not saved, it asks first.
func (p *Place) Leaving(leave func()) {
	if !p.lossy() {
		leave()
		return
	}
	var d dialog.Dialog
	button := func(text string, icon fyne.Resource, do func()) *keyed.Button {
		return keyed.NewButton(text, icon, func() { d.Hide(); do() })
	}
	keep := button(locale.T("action.save"), theme.DocumentSaveIcon(), func() { p.saveThen(leave) })
	lose := button(locale.T("leave.lose"), theme.DeleteIcon(), func() { p.buffer.Saved(p.buffer.Version()); leave() })
	back := button(locale.T("leave.stay"), theme.CancelIcon(), func() {})
	keep.Importance = widget.HighImportance
	text := widget.NewLabel(locale.T("build.leave", filepath.Base(p.doc.name)))
	text.Wrapping = fyne.TextWrapWord
	d = dialog.NewCustomWithoutButtons(locale.T("build.leave-title"), container.NewVBox(text, container.NewGridWithColumns(3, back, lose, keep)), p.host.Win)
	p.host.Asked = map[string]fyne.CanvasObject{"ask:save": keep, "ask:lose": lose, "ask:stay": back}
	d.Show()
	d.Resize(fyne.NewSize(560, d.MinSize().Height))
}

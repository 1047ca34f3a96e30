package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"asynclab/ui/locale"
)

// AskForFile lets the person choose a scenario file.
func (w *Window) AskForFile(open func(string)) { w.AskFor([]string{".yaml", ".yml"}, open) }

// AskFor lets the person choose a file with one of these ends; nil: any file.
func (w *Window) AskFor(ends []string, open func(string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			w.Fail(locale.T("error.file-not-opened"), err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close()
		open(path)
	}, w.Win)
	if ends != nil {
		d.SetFilter(storage.NewExtensionFileFilter(ends))
	}
	if folder, err := storage.ListerForURI(storage.NewFileURI(w.saveFolder())); err == nil {
		d.SetLocation(folder)
	}
	w.ShowFiles(d)
}

// ShowFiles shows a file or folder dialog in a good size. The toolkit can only
// resize a dialog that is already shown, and not the system's own dialogs.
func (w *Window) ShowFiles(d *dialog.FileDialog) {
	over := w.Win.Canvas().Overlays()
	was := len(over.List())
	d.Show()
	if len(over.List()) > was {
		d.Resize(fyne.NewSize(860, 560))
	}
}

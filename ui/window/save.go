package window

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/files"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

const prefSaveFolder = "save.folder"

// SaveAs asks for a folder and a name and writes the file whole or not at all.
// (The toolkit's own dialog empties a file before anything is written to it.)
// make is called with its path, outside the window's goroutine, and saved (unless it is
// nil) in it.
func (w *Window) SaveAs(title, name string, make func(path string) ([]byte, error), saved func(path string)) {
	folder := widget.NewEntry()
	folder.SetText(w.saveFolder())
	file := widget.NewEntry()
	file.SetText(name)
	choose := keyed.NewButton("", theme.FolderOpenIcon(), func() {
		w.ShowFiles(dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if err == nil && u != nil {
				folder.SetText(u.Path())
			}
		}, w.Win))
	})
	form := []*widget.FormItem{
		widget.NewFormItem(locale.T("save.folder"), container.NewBorder(nil, nil, nil, choose, folder)),
		widget.NewFormItem(locale.T("save.name"), file),
	}
	d := dialog.NewForm(title, locale.T("action.save"), locale.T("action.cancel"), form, func(ok bool) {
		if !ok {
			return
		}
		path := filepath.Join(folder.Text, file.Text)
		w.Prefs.Set(prefSaveFolder, folder.Text)
		write := func() { w.Write(path, func() ([]byte, error) { return make(path) }, saved) }
		if _, err := os.Stat(path); err == nil {
			dialog.ShowConfirm(locale.T("save.replace"), locale.T("save.exists", path), func(yes bool) {
				if yes {
					write()
				}
			}, w.Win)
			return
		}
		write()
	}, w.Win)
	d.SetOnClosed(func() { folder.FocusLost(); file.FocusLost() }) // or a cursor would go on blinking
	file.OnSubmitted = func(string) { d.Submit() }
	w.Asked = map[string]fyne.CanvasObject{"ask:folder": folder, "ask:name": file, "ask:choose": choose}
	d.Resize(fyne.NewSize(620, 220))
	d.Show()
	w.Win.Canvas().Focus(file)
}

// Write writes a file whole or not at all, as SaveAs does.
func (w *Window) Write(path string, make func() ([]byte, error), saved func(path string)) {
	go func() {
		data, err := make()
		if err == nil {
			err = files.Write(path, data, 0o644)
		}
		fyne.Do(func() {
			if err != nil {
				w.Fail(locale.T("error.file-not-written"), err)
				return
			}
			w.Tell(locale.T("save.saved", path))
			if saved != nil {
				saved(path)
			}
		})
	}()
}

// saveFolder is the folder of the last save, or else the user's documents.
func (w *Window) saveFolder() string {
	if f := w.Prefs.String(prefSaveFolder); f != "" {
		return f
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	if docs := filepath.Join(home, "Documents"); Exists(docs) {
		return docs
	}
	return home
}

func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

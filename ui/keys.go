package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/bench"
	"asynclab/ui/build"
	"asynclab/ui/locale"
)

// binding is a key and its action; the page of keys is made from the bindings. One
// without a key and a character is done by what has the focus.
type binding struct {
	key  fyne.KeyName // with a modifier, or a key that is no character
	ctrl bool
	char rune // a character
	name string
	what string
	do   func(*Shell)
}

func bindings() []binding {
	onBench := func(do func(*bench.Bench)) func(*Shell) {
		return func(s *Shell) {
			if b := s.bench(); b != nil {
				do(b)
			}
		}
	}
	// A place with a text has its own undo and save.
	onText := func(text func(*build.Place), do func(*bench.Bench)) func(*Shell) {
		return func(s *Shell) {
			if p, ok := s.places[s.at].place.(*build.Place); ok {
				text(p)
				return
			}
			onBench(do)(s)
		}
	}
	all := []binding{
		{char: ' ', name: locale.T("keys.space"), what: locale.T("keys.play-pause"), do: onBench((*bench.Bench).Toggle)},
		{char: '.', name: ".", what: locale.T("keys.step-event"), do: onBench((*bench.Bench).StepEvent)},
		{char: 'm', name: "M", what: locale.T("keys.step-message"), do: onBench((*bench.Bench).StepMessage)},
		{char: 'f', name: "F", what: locale.T("keys.next-fault"), do: onBench((*bench.Bench).NextFault)},
		{char: 'a', name: "A", what: locale.T("keys.to-accident"), do: onBench((*bench.Bench).ToAccident)},
		{char: 'x', name: "X", what: locale.T("keys.next-failure"), do: onBench((*bench.Bench).NextFailure)},
		{char: 't', name: "T", what: locale.T("keys.run-to-time"), do: onBench((*bench.Bench).AskForTime)},
		{char: 'b', name: "B", what: locale.T("keys.mark"), do: onBench((*bench.Bench).Mark)},
		{char: 'r', name: "R", what: locale.T("keys.film"), do: onBench((*bench.Bench).Film)},
		{char: 'n', name: "N", what: locale.T("keys.next-mark"), do: onBench((*bench.Bench).NextMark)},
		{char: 'p', name: "P", what: locale.T("keys.next-panel"), do: onBench((*bench.Bench).NextPanel)},
		{name: "Tab", what: locale.T("keys.tab")},
		{name: "← ↑ → ↓", what: locale.T("keys.on-picture")},
		{name: "Enter", what: locale.T("keys.links")},
		{key: fyne.KeyLeft, name: "←", what: locale.T("keys.back-hundredth"), do: onBench(func(b *bench.Bench) { b.Nudge(-1) })},
		{key: fyne.KeyRight, name: "→", what: locale.T("keys.forward-hundredth"), do: onBench(func(b *bench.Bench) { b.Nudge(1) })},
		{key: fyne.KeyHome, name: "Home", what: locale.T("keys.to-start"), do: onBench(func(b *bench.Bench) { b.Jump(0) })},
		{char: ']', name: "]", what: locale.T("keys.faster"), do: onBench(func(b *bench.Bench) { b.Controller.Faster() })},
		{char: '[', name: "[", what: locale.T("keys.slower"), do: onBench(func(b *bench.Bench) { b.Controller.Slower() })},
		{char: '+', name: "+", what: locale.T("keys.zoom-in"), do: onBench(func(b *bench.Bench) { b.Zoom((*bench.StageView).ZoomIn) })},
		{char: '-', name: "-", what: locale.T("keys.zoom-out"), do: onBench(func(b *bench.Bench) { b.Zoom((*bench.StageView).ZoomOut) })},
		{char: '0', name: "0", what: locale.T("keys.fit-picture"), do: onBench(func(b *bench.Bench) { b.Zoom((*bench.StageView).Fit) })},
		{key: fyne.KeyZ, ctrl: true, name: "Ctrl+Z", what: locale.T("keys.undo"), do: onText((*build.Place).Undo, func(b *bench.Bench) { b.Controller.Undo() })},
		{key: fyne.KeyY, ctrl: true, name: "Ctrl+Y", what: locale.T("keys.redo"), do: onText((*build.Place).Redo, func(b *bench.Bench) { b.Controller.Redo() })},
		{key: fyne.KeyS, ctrl: true, name: "Ctrl+S", what: locale.T("keys.save-scenario"), do: onText((*build.Place).Save, (*bench.Bench).Save)},
		{key: fyne.KeyE, ctrl: true, name: "Ctrl+E", what: locale.T("keys.save-plot"), do: onBench(func(b *bench.Bench) { b.Plots.AskExport() })},
		{key: fyne.KeySpace, ctrl: true, name: "Ctrl+Space", what: locale.T("keys.suggest"), do: onText((*build.Place).Suggest, func(*bench.Bench) {})},
		{key: fyne.KeyO, ctrl: true, name: "Ctrl+O", what: locale.T("keys.open-file"), do: func(s *Shell) { s.AskForFile(s.openHere) }},
	}
	for _, p := range placeTable() {
		all = append(all, binding{key: p.key, ctrl: true, name: "Ctrl+" + string(p.key), what: locale.T("keys.to-place", p.title), do: func(s *Shell) { s.goToPlace(p.id) }})
	}
	return append(all, []binding{
		{key: fyne.KeyF11, name: "F11", what: locale.T("keys.present"), do: (*Shell).present},
		{key: fyne.KeyP, ctrl: true, name: "Ctrl+P", what: locale.T("keys.save-picture"), do: onBench((*bench.Bench).SavePicture)},
		{key: fyne.KeyL, ctrl: true, name: "Ctrl+L", what: locale.T("keys.language"), do: (*Shell).otherLanguage},
		{key: fyne.KeyD, ctrl: true, name: "Ctrl+D", what: locale.T("keys.theme"), do: (*Shell).otherTheme},
		{key: fyne.KeyEscape, name: locale.T("keys.escape"), what: locale.T("keys.close-or-unselect"), do: (*Shell).letGo},
		{char: '?', name: "?", what: locale.T("keys.help"), do: (*Shell).showKeys},
	}...)
}

// keys registers the key handlers of the window. Characters go to the focused
// widget first, so that a space in a text field is a space.
func (s *Shell) keys() {
	c := s.Win.Canvas()
	all := bindings()
	c.SetOnTypedRune(func(r rune) {
		for _, b := range all {
			if b.char != 0 && (b.char == r || b.char == r+'a'-'A' && r >= 'A' && r <= 'Z') {
				b.do(s)
				return
			}
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		for _, b := range all {
			if b.key != "" && b.key == e.Name && !b.ctrl { // a key that the toolkit does not know has no name
				b.do(s)
				return
			}
		}
	})
	for _, b := range all {
		switch { // the toolkit has shortcuts of its own for these two
		case b.ctrl && b.key == fyne.KeyZ:
			c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { b.do(s) })
		case b.ctrl && b.key == fyne.KeyY:
			c.AddShortcut(&fyne.ShortcutRedo{}, func(fyne.Shortcut) { b.do(s) })
		}
		if b.ctrl {
			c.AddShortcut(&desktop.CustomShortcut{KeyName: b.key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { b.do(s) })
		}
	}
}

// letGo closes what lies over the window, or else clears the selection.
func (s *Shell) letGo() {
	over := s.Win.Canvas().Overlays()
	if top := over.Top(); top != nil {
		s.Win.Canvas().Unfocus() // or the cursor of a text in it would go on blinking
		over.Remove(top)
	} else if s.Presenting {
		s.present()
	} else if b := s.bench(); b != nil {
		b.Unchoose()
	}
}

func (s *Shell) showKeys() {
	grid := container.New(&twoColumns{})
	for _, b := range bindings() {
		grid.Add(widget.NewLabelWithStyle(b.name, fyne.TextAlignTrailing, fyne.TextStyle{Bold: true}))
		grid.Add(widget.NewLabel(b.what))
	}
	scroll := container.NewVScroll(grid)
	scroll.SetMinSize(fyne.NewSize(460, min(grid.MinSize().Height+8, s.Win.Canvas().Size().Height-160)))
	dialog.NewCustom(locale.T("keys.title"), locale.T("action.close"), scroll, s.Win).Show()
}

// twoColumns lays out pairs of a narrow and a wide cell.
type twoColumns struct{}

const keyColumn = 90

func (twoColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(keyColumn, 0)
	for i := 0; i+1 < len(objects); i += 2 {
		size.Width = max(size.Width, keyColumn+objects[i+1].MinSize().Width)
		size.Height += objects[i+1].MinSize().Height - 8
	}
	return size.AddWidthHeight(0, 8)
}

func (twoColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i := 0; i+1 < len(objects); i += 2 {
		h := objects[i+1].MinSize().Height
		objects[i].Move(fyne.NewPos(0, y))
		objects[i].Resize(fyne.NewSize(keyColumn, h))
		objects[i+1].Move(fyne.NewPos(keyColumn, y))
		objects[i+1].Resize(fyne.NewSize(size.Width-keyColumn, h))
		y += h - 8
	}
}

func (s *Shell) otherLanguage() {
	ls := locale.Languages()
	for i, l := range ls {
		if l.Tag == locale.Current() {
			s.setLanguage(ls[(i+1)%len(ls)].Tag)
			return
		}
	}
}

func (s *Shell) otherTheme() {
	if s.theme.Dark() {
		s.setTheme("light")
	} else {
		s.setTheme("dark")
	}
}

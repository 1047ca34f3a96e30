package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// railButton is the button of a place on the rail: its icon with its name
// below.
type railButton struct {
	widget.BaseWidget
	res      fyne.Resource
	label    string
	selected bool
	over     bool
	onTap    func()
}

var (
	_ fyne.Tappable      = (*railButton)(nil)
	_ desktop.Hoverable  = (*railButton)(nil)
	_ desktop.Cursorable = (*railButton)(nil)
)

func newRailButton(res fyne.Resource, label string, selected bool, onTap func()) *railButton {
	b := &railButton{res: res, label: label, selected: selected, onTap: onTap}
	b.ExtendBaseWidget(b)
	return b
}

// AccessibilityLabel implements fyne.Accessible.
func (b *railButton) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *railButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (b *railButton) Tapped(*fyne.PointEvent)        { b.onTap() }
func (b *railButton) MouseIn(*desktop.MouseEvent)    { b.over = true; b.Refresh() }
func (b *railButton) MouseMoved(*desktop.MouseEvent) {}
func (b *railButton) MouseOut()                      { b.over = false; b.Refresh() }
func (b *railButton) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (b *railButton) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = 8
	text := canvas.NewText(b.label, nil)
	text.Alignment = fyne.TextAlignCenter
	icon := canvas.NewImageFromResource(b.res)
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(26))
	r := &railRenderer{b: b, back: back, text: text, icon: icon}
	r.box = container.NewStack(back, container.NewPadded(container.NewVBox(icon, text)))
	r.Refresh()
	return r
}

type railRenderer struct {
	b    *railButton
	back *canvas.Rectangle
	text *canvas.Text
	icon *canvas.Image
	box  *fyne.Container
}

func (r *railRenderer) MinSize() fyne.Size           { return r.box.MinSize().Max(fyne.NewSize(76, 0)) }
func (r *railRenderer) Layout(s fyne.Size)           { r.box.Resize(s) }
func (r *railRenderer) Destroy()                     {}
func (r *railRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box} }

func (r *railRenderer) Refresh() {
	th, v := r.b.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.text.TextSize = th.Size(theme.SizeNameCaptionText)
	r.text.Color = th.Color(theme.ColorNameForeground, v)
	r.text.TextStyle.Bold = r.b.selected
	switch {
	case r.b.selected:
		r.back.FillColor = th.Color(theme.ColorNameSelection, v)
		r.icon.Resource = theme.NewPrimaryThemedResource(r.b.res)
	case r.b.over:
		r.back.FillColor = th.Color(theme.ColorNameHover, v)
		r.icon.Resource = r.b.res
	default:
		r.back.FillColor = color.Transparent
		r.icon.Resource = r.b.res
	}
	r.icon.Refresh()
	r.back.Refresh()
	r.text.Refresh()
}

package build

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
	"asynclab/ui/window"
)

// What is done in the picture is an edit of the text (scenarios.Sketch), undone like one
// by keys.

// edit makes an edit by hand, of the text as it is.
func (p *Place) edit(do func(s *scenarios.Sketch) (string, error)) bool {
	if p.editor == nil {
		return false
	}
	s, err := scenarios.OpenSketch(p.buffer.Text(), p.design)
	if err != nil {
		p.say(locale.T("build.mend-first"))
		return false
	}
	text, err := do(s)
	if err != nil {
		p.host.Fail(locale.T("build.not-edited"), err)
		return false
	}
	from, to, with := changedLines(p.buffer.Text(), text)
	if with != p.buffer.Text()[from:to] {
		p.editor.Replace(from, to, with)
		p.read(0)
	}
	return true
}

// changedLines is what has to be replaced in a text to make it another one: whole lines.
func changedLines(old, new string) (from, to int, with string) {
	n := min(len(old), len(new))
	for from < n && old[from] == new[from] {
		from++
	}
	from = strings.LastIndexByte(old[:from], '\n') + 1
	end := 0
	for end < n-from && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	to = len(old) - end
	if i := strings.IndexByte(old[to:], '\n'); i >= 0 {
		to += i
	} else {
		to = len(old)
	}
	return from, to, new[from : len(new)-(len(old)-to)]
}

// tray is what elements are taken from, and what is done with the one that is lit.
func (p *Place) tray() fyne.CanvasObject {
	row := container.New(layout.NewRowWrapLayout())
	button := func(name, text string, icon fyne.Resource, do func()) *keyed.Button {
		b := keyed.NewButton(text, icon, do)
		b.Importance = widget.LowImportance
		row.Add(b)
		p.controls["build:"+name] = b
		return b
	}
	add := func(what string) func() { return func() { p.add(what) } }
	button("add:service", locale.T("build.service"), theme.ContentAddIcon(), add("service"))
	button("add:queue", locale.T("build.queue"), theme.ContentAddIcon(), add("queue"))
	button("add:topic", locale.T("build.topic"), theme.ContentAddIcon(), add("topic"))
	button("add:load", locale.T("build.load"), theme.ContentAddIcon(), add("load"))
	p.connect = button("connect", locale.T("build.connect"), theme.MailForwardIcon(), p.beginConnection)
	small := func(name, text string, icon fyne.Resource, do func()) *keyed.Button {
		b := window.NewButton(icon, text, do)
		b.Importance = widget.LowImportance
		row.Add(b)
		p.controls["build:"+name] = b
		return &b.Button
	}
	p.name = small("rename", locale.T("build.rename"), theme.DocumentCreateIcon(), p.askName)
	p.remove = small("delete", locale.T("build.delete"), theme.DeleteIcon(), p.delete)
	return row
}

func (p *Place) add(what string) {
	id := ""
	if p.edit(func(s *scenarios.Sketch) (text string, err error) {
		text, id, err = s.Add(what, p.Lit())
		return text, err
	}) {
		p.next = id // is lit once the picture has it
	}
}

// copyDesign adds a copy of the design that is shown, and shows it.
func (p *Place) copyDesign() {
	name := ""
	if p.edit(func(s *scenarios.Sketch) (text string, err error) {
		text, name, err = s.CopyDesign()
		return text, err
	}) {
		p.design = name
	}
}

func (p *Place) delete() {
	id := p.Lit()
	if id != "" && p.edit(func(s *scenarios.Sketch) (string, error) { return s.Delete(id) }) {
		p.light("")
	}
}

// askName asks for another name of the element that is lit.
func (p *Place) askName() {
	id := p.Lit()
	if id == "" {
		return
	}
	name := widget.NewEntry()
	name.SetText(id[strings.LastIndexByte(id, '/')+1:])
	d := dialog.NewForm(locale.T("build.rename"), locale.T("build.rename"), locale.T("action.cancel"),
		[]*widget.FormItem{widget.NewFormItem(locale.T("save.name"), name)}, func(yes bool) {
			if yes && p.edit(func(s *scenarios.Sketch) (string, error) { return s.Rename(id, name.Text) }) {
				p.next = id[:strings.LastIndexByte(id, '/')+1] + name.Text
			}
		}, p.host.Win)
	d.SetOnClosed(name.FocusLost)
	name.OnSubmitted = func(string) { d.Submit() }
	p.host.Asked = map[string]fyne.CanvasObject{"ask:name": name}
	d.Resize(fyne.NewSize(420, 160))
	d.Show()
	p.host.Win.Canvas().Focus(name)
}

// beginConnection lets the next tap be the other end.
func (p *Place) beginConnection() {
	p.from = p.Lit()
	if p.from == "" {
		p.say(locale.T("build.connect-from"))
		return
	}
	p.say(locale.T("build.connect-to", p.from))
}

// tapNode lights a node, or ends a connection there.
func (p *Place) tapNode(id string) {
	if from := p.from; from != "" && from != id {
		p.from = ""
		p.join(from, id)
		return
	}
	p.ShowNode(id)
	p.light(id)
}

// pull draws a connection from a node to where the mouse is, and makes it at the end.
func (p *Place) pull(pull stage.Pull) {
	p.rubber.StrokeColor, p.rubber.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	p.rubber.Position1, p.rubber.Position2 = pull.Start, pull.At
	if pull.Done {
		p.rubber.StrokeColor = color.Transparent
	}
	canvas.Refresh(p.rubber)
	if pull.Done && pull.To.Kind == stage.NodeKind && pull.To.ID != pull.From {
		p.join(pull.From, pull.To.ID)
	}
}

// join connects two elements; where there are several ways, it asks for one.
func (p *Place) join(from, to string) {
	s, err := scenarios.OpenSketch(p.buffer.Text(), p.design)
	if err != nil {
		p.say(locale.T("build.mend-first"))
		return
	}
	ways := s.Ways(from, to)
	make := func(way string) {
		if p.edit(func(s *scenarios.Sketch) (string, error) { return s.Connect(from, to, way) }) {
			p.next = from
		}
	}
	switch len(ways) {
	case 0:
		p.say(locale.T("build.no-way", from, to))
	case 1:
		make(ways[0])
	default:
		p.askWay(to, ways, make)
	}
}

func (p *Place) askWay(to string, ways []string, then func(string)) {
	words := map[string]string{"call": locale.T("build.call"), "send": locale.T("build.send")}
	var items []*fyne.MenuItem
	for _, w := range ways {
		items = append(items, fyne.NewMenuItem(words[w], func() { then(w) }))
	}
	at := p.host.App.Driver().AbsolutePositionForObject(p.picture)
	if box, size, ok := p.picture.Box(to); ok {
		at = at.Add(box).AddXY(size.Width/2, size.Height/2)
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), p.host.Win.Canvas())
	p.host.Asked = map[string]fyne.CanvasObject{}
	for i, item := range menu.Items {
		if i < len(ways) {
			p.host.Asked["ask:"+ways[i]] = item
		}
	}
	menu.ShowAtPosition(at)
}

// say tells what to do next, above the picture.
func (p *Place) say(text string) {
	p.told.SetText(text)
}

// light lights an element, and shows its form.
func (p *Place) light(id string) {
	lit := stage.Element{}
	if _, _, ok := p.picture.Box(id); ok {
		lit = stage.Node(id)
	}
	p.picture.Select(lit)
	p.told.SetText("")
	window.Enable(p.connect, lit.ID != "")
	window.Enable(p.name, lit.ID != "")
	window.Enable(p.remove, lit.ID != "")
	p.fillForm()
}

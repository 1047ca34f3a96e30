package eventlog

import (
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// View is a widget with the event log. Its methods must be called on Fyne's
// goroutine.
type View struct {
	widget.BaseWidget

	// OnPick is called with the operation of a line that was tapped.
	OnPick func(lane int, op uint64)
	// Lanes are the names of the designs, if there is more than one.
	Lanes []string
	// Name is how the picture calls a node; "" or nil: by its own name.
	Name func(node string) string

	filter control.Filter
	latest []control.Entry // from the last Board
	log    []control.Entry // shown: the latest, or older entries while scrolled up
	rows   []int           // indices into log
	follow bool
	now    time.Duration

	list    *keyed.List
	text    *keyed.Entry
	element *keyed.Select
	ids     []string // of the elements it offers, behind all of them
	unfold  *keyed.Button
	kinds   *fyne.Container
	checks  [record.NumGroups]*keyed.Check
	fresh   *keyed.Button   // number of new entries; leads back to the end
	over    *fyne.Container // objects above the list
	none    *widget.Label
	content fyne.CanvasObject
}

// New makes a log that shows nothing yet.
func New() *View {
	v := &View{follow: true}
	v.list = keyed.NewList(
		func() int { return len(v.rows) },
		func() fyne.CanvasObject { return newRow() },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if i < len(v.rows) {
				o.(*row).show(&v.log[v.rows[i]], v.Lanes, v.Name)
			}
		},
	)
	v.list.HideSeparators = true
	v.list.OnSelected = v.picked
	v.fresh = keyed.NewButton("", theme.MoveDownIcon(), v.toEnd)
	v.fresh.Importance = widget.HighImportance
	v.fresh.Hide()
	v.none = widget.NewLabel("")
	v.none.Alignment, v.none.Importance = fyne.TextAlignCenter, widget.LowImportance
	v.none.Wrapping = fyne.TextWrapWord
	v.over = container.NewBorder(nil, container.NewHBox(layout.NewSpacer(), v.fresh, layout.NewSpacer()), nil, nil)
	v.content = container.NewBorder(v.filterBar(), nil, nil, nil, container.NewStack(v.list, v.none, v.over))
	v.ExtendBaseWidget(v)
	v.renew()
	return v
}

// filterBar has the controls of the filter; the groups of records unfold.
func (v *View) filterBar() fyne.CanvasObject {
	v.text = keyed.NewEntry()
	v.text.SetPlaceHolder(locale.T("log.filter"))
	v.text.OnChanged = func(s string) { v.filter.Text = s; v.renew() }
	v.element = keyed.NewSelect([]string{locale.T("log.everywhere")}, nil)
	v.element.SetSelectedIndex(0)
	v.element.OnChanged = func(string) {
		v.filter.Element = ""
		if i := v.element.SelectedIndex(); i > 0 {
			v.filter.Element = v.ids[i-1]
		}
		v.renew()
	}
	v.kinds = container.NewGridWithColumns(3)
	for c := range v.checks {
		group := record.Group(c)
		v.checks[c] = keyed.NewCheck(group.Name(locale.Word), func(on bool) {
			v.filter.Groups = v.filter.Groups.With(group, on)
			v.renew()
		})
		if group != record.Ordinary {
			v.kinds.Add(v.checks[c])
		}
	}
	v.kinds.Add(v.checks[record.Ordinary])
	v.kinds.Hide()
	v.unfold = keyed.NewButton("", theme.MenuDropDownIcon(), v.fold)
	v.unfold.Importance = widget.LowImportance
	line := container.NewBorder(nil, nil, nil, container.NewHBox(v.element, v.unfold), v.text)
	return container.NewVBox(line, v.kinds)
}

// fold shows or hides the groups of records.
func (v *View) fold() {
	if v.kinds.Visible() {
		v.kinds.Hide()
		v.unfold.SetIcon(theme.MenuDropDownIcon())
	} else {
		v.kinds.Show()
		v.unfold.SetIcon(theme.MenuDropUpIcon())
	}
	v.content.Refresh()
	if v.follow {
		v.renew()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Set shows the log of a Board, which the view may keep.
func (v *View) Set(d *control.Board) {
	back := d.Now < v.now // went back in time: the entries shown are in the future
	v.now = d.Now
	v.latest = d.Log
	v.elements()
	v.follow = back || v.atEnd()
	if v.follow {
		v.renew()
		return
	}
	v.count()
}

// elements offers the elements that occur in the log.
func (v *View) elements() {
	before := len(v.ids)
	for i := range v.latest {
		e := &v.latest[i]
		for _, n := range [...]string{e.NodeName, e.ToName, e.QueueName} {
			if at, ok := slices.BinarySearch(v.ids, n); !ok && n != "" {
				v.ids = slices.Insert(v.ids, at, n)
			}
		}
	}
	if len(v.ids) == before {
		return
	}
	options := v.element.Options[:1:1]
	for _, id := range v.ids {
		text := called(id, v.Name)
		if slices.Contains(options, text) {
			text = id
		}
		options = append(options, text)
	}
	v.element.SetOptions(options)
}

// Only shows the entries of one operation; 0 shows all.
func (v *View) Only(lane int, op uint64) {
	v.filter.Lane, v.filter.Op = lane, op
	v.renew()
}

// At shows the entries about one element; "" shows all.
func (v *View) At(element string) {
	if i := slices.Index(v.ids, element); i >= 0 {
		v.element.SetSelectedIndex(i + 1)
		return
	}
	if element == "" {
		v.element.SetSelectedIndex(0)
	}
}

// renew shows the latest, filtered, from its end.
func (v *View) renew() {
	v.follow = true
	v.log = v.latest
	v.rows = v.filter.Select(v.log, v.say)
	v.fresh.Hide()
	switch {
	case len(v.rows) > 0:
		v.none.SetText("")
	case len(v.log) > 0:
		v.none.SetText(locale.T("log.nothing-passes", len(v.log)))
	default:
		v.none.SetText(locale.T("log.empty"))
	}
	v.list.UnselectAll()
	v.list.Refresh()
	if v.hidden() > 0 {
		v.list.ScrollToBottom()
	} else { // the end of a list that fits is its beginning
		v.list.ScrollToTop()
	}
}

func (v *View) say(e *control.Entry) string { return Say(e, v.Name) }

func (v *View) toEnd() { v.renew() }

// count shows the number of entries since scrolling up.
func (v *View) count() {
	n := 0
	if len(v.log) > 0 {
		last := v.log[len(v.log)-1].Time
		newer := v.latest[firstAfter(v.latest, last):]
		n = len(v.filter.Select(newer, v.say))
	}
	if n == 0 {
		v.fresh.Hide()
		return
	}
	text := locale.T("log.newer-lines", n)
	if n >= len(v.latest) {
		text = locale.T("log.many-newer-lines", n)
	}
	v.fresh.SetText(text)
	v.fresh.Show()
	v.over.Refresh()
}

// firstAfter is the index of the first entry after a time.
func firstAfter(log []control.Entry, time int64) int {
	i, _ := slices.BinarySearchFunc(log, time, func(e control.Entry, t int64) int {
		if e.Time <= t {
			return -1
		}
		return 1
	})
	return i
}

// hidden is the height of the list that does not fit into the view.
func (v *View) hidden() float32 {
	gap := v.list.Theme().Size(theme.SizeNamePadding)
	whole := float32(len(v.rows))*(rowHeight()+gap) - gap
	return max(whole-v.list.Size().Height, 0)
}

// atEnd reports whether the end of the list is visible.
func (v *View) atEnd() bool { return v.list.GetScrollOffset() >= v.hidden()-rowHeight()/2 }

func (v *View) picked(i widget.ListItemID) {
	if i >= len(v.rows) {
		return
	}
	e := v.log[v.rows[i]]
	v.list.Unselect(i) // a second tap on the same line picks it again
	if e.Op != 0 && v.OnPick != nil {
		v.OnPick(e.Lane, e.Op)
	}
}

// rowHeight is the height of a line.
func rowHeight() float32 {
	return float32(math.Ceil(float64(fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height))) + 2
}

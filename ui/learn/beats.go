package learn

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/draw"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

func init() {
	cards[lessons.Act] = func(l *Panel) card {
		return card{locale.T("lesson.act"), map[error]string{lessons.ErrAct: locale.T("lesson.first-act")}, l.act}
	}
	cards[lessons.Edge] = func(l *Panel) card {
		return card{locale.T("lesson.edge"), map[error]string{
			lessons.ErrPredict: locale.T("lesson.first-predict"), lessons.ErrSweep: locale.T("lesson.first-sweep")}, l.edge}
	}
}

// act is one button; behind it, what came of the student's own operation.
func (l *Panel) act(box *fyne.Container, a *lessons.Activity, passed bool) {
	tries := l.player.Tries(a)
	if passed && len(tries) > 0 {
		for _, came := range a.Came(tries[len(tries)-1], locale.Current()) {
			box.Add(wrapped(came))
		}
		return
	}
	send := keyed.NewButton(locale.T("lesson.send"), theme.MailSendIcon(), l.hooks.Run)
	send.Importance = widget.HighImportance
	l.Named["send"] = send
	box.Add(container.NewHBox(send))
}

// edge asks for a number, then offers the sweep; behind it stands where it turned.
func (l *Panel) edge(box *fyne.Container, a *lessons.Activity, passed bool) {
	if passed {
		l.turned(box, a)
		return
	}
	guess, made := l.player.Guessed()
	l.number(box, a, a.Sweep.Unit, guess, made)
	if !made {
		return
	}
	l.sure(box, a, guess)
	sweep := keyed.NewButton(locale.T("lesson.sweep", len(a.Sweep.Over)), theme.MediaFastForwardIcon(), nil)
	sweep.Importance = widget.HighImportance
	sweep.OnTapped = func() {
		sweep.Disable()
		l.hooks.Sweep(a, func(all []lessons.Turned, err error) {
			if err != nil {
				l.said = err.Error()
				l.Rebuild()
				return
			}
			l.Ended(l.player.Swept(all, l.hooks.Now()))
		})
	}
	l.Named["sweep"] = sweep
	box.Add(container.NewHBox(sweep))
}

// turned is the outcome of a sweep: each value, and where it turned.
func (l *Panel) turned(box *fyne.Container, a *lessons.Activity) {
	if v := l.verdict; v != nil && v.Activity == a {
		for _, one := range v.Swept {
			l.mark(box, one.Pass, locale.T("text.with-detail", one.Text, draw.FormatQuantity(one.Outcome.Value, one.Unit)))
		}
	}
	for _, t := range slices.Backward(l.player.Tries(a)) {
		if t.Judged && t.Value != nil {
			said := withUnit(*t.Value, a.Sweep.Unit)
			if t.Sure {
				said = locale.T("lesson.said-sure", said)
			}
			l.mark(box, t.Right, locale.T("lesson.expected", said))
			box.Add(wrapped(locale.T("lesson.turns", t.Said)))
			return
		}
	}
}

// knob is a parameter that may be changed for an activity, in its card.
type knob struct {
	path  string
	entry *keyed.Entry
	was   string
}

// knobs are the parameters that the card is about: each can be changed there.
func (l *Panel) knobsOf(box *fyne.Container, u *lessons.Setup) {
	l.knobs = nil
	names := l.inWords(u, u.Knobs)
	form := container.NewVBox()
	for i, path := range u.Knobs {
		k := &knob{path: path, entry: keyed.NewEntry()}
		k.refresh(l.hooks.Value(path))
		k.entry.OnSubmitted = func(text string) {
			if err := l.hooks.Set(path, text); err != nil {
				l.said = err.Error()
			} else {
				l.said = ""
			}
			l.fillFoot()
		}
		l.Named["knob:"+path] = k.entry
		l.knobs = append(l.knobs, k)
		form.Add(container.NewBorder(nil, nil, nil, container.NewGridWrap(fyne.NewSize(130, k.entry.MinSize().Height), k.entry), wrapped(names[i])))
	}
	box.Add(form)
}

// refresh shows a value that came from elsewhere; what is being written stays.
func (k *knob) refresh(value string) {
	if value != k.was {
		k.was = value
		k.entry.SetText(value)
	}
}

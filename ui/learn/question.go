package learn

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"asynclab/lessons"
	"asynclab/ui/locale"
)

func init() {
	asked := func(l *Panel, title string) card {
		return card{title, map[error]string{lessons.ErrAnswer: locale.T("lesson.first-answer")}, l.question}
	}
	cards[lessons.Question] = func(l *Panel) card { return asked(l, locale.T("lesson.question")) }
	cards[lessons.Review] = func(l *Panel) card { return asked(l, locale.T("lesson.review")) }
}

func (l *Panel) question(box *fyne.Container, a *lessons.Activity, passed bool) {
	if passed {
		if r := a.Right(); r >= 0 {
			l.mark(box, true, a.Choices[r].Text.String())
			if len(a.Choices[r].Because) > 0 {
				box.Add(l.hooks.Links.Line(a.Choices[r].Because, theme.SizeNameText))
			}
		}
		return
	}
	for i := range a.Choices {
		c := &a.Choices[i]
		taken := l.wrong[a] == i+1
		l.choice(box, fmt.Sprintf("choice:%d", i+1), c.Text, taken, func() {
			right, err := l.player.Answer(i, l.hooks.Now())
			l.wrong[a] = i + 1
			if right {
				delete(l.wrong, a)
			}
			l.did(a, err)
		})
		if taken {
			l.mark(box, false, locale.T("lesson.wrong"))
			if len(c.Because) > 0 {
				box.Add(l.hooks.Links.Line(c.Because, theme.SizeNameText))
			}
		}
	}
}

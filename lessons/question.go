package lessons

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"asynclab/scenarios/yamltree"
)

// Question is answered by a choice, and repeated until the answer is right.
var Question = &ActivityKind{Block: "question", Log: "answers", Row: "answer", alone: true,
	doc:    "a question with choices and an explained answer",
	words:  map[string]words{"name": {"en": "question", "zh-Hans": "问题"}},
	page:   choicePage,
	keys:   []prop[draft]{choicesProp},
	finish: func(r *reader, d *draft) { r.choices(d, false) },
	prove:  proveAnswer,
	passed: func(t Try) bool { return t.Right },
	leave:  func(*Player) error { return ErrAnswer },
}

// Review is a question that only those meet who have answered a prediction of an
// earlier lesson wrongly, and were sure: the same misconception, on another surface.
var Review = &ActivityKind{Block: "review", Log: "reviews", Row: "review", alone: true,
	doc: "a question for those who were wrong, and sure, at a prediction two lessons ago or earlier",
	words: map[string]words{"name": {"en": "once more", "zh-Hans": "再想一想"},
		"for": {"en": "(for those who were sure, and wrong, at a prediction of the lesson \"%s\")", "zh-Hans": "（给在《%s》里预测错了、又很有把握的人）"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		shown, answer = choicePage(a, say)
		return append(shown, Line{Text: Text{{Text: say("for", cmp.Or(a.title, a.Of))}}}), answer
	},
	keys: []prop[draft]{
		{"of", true, true, "the prediction: the id of its lesson, a slash, and the id of its step", func(r *reader, n *yamltree.Node, d *draft) {
			d.Of, _ = r.word(n)
			if lesson, step, two := strings.Cut(d.Of, "/"); two {
				r.lesson.uses = append(r.lesson.uses, use{ReviewLink, lesson, step, r.stepIndex(), n.Pos, false})
			} else {
				r.At(n, "such as of: telephone-and-email/bad-day", "%q names no prediction", d.Of)
			}
		}},
		choicesProp,
	},
	finish: func(r *reader, d *draft) { r.choices(d, false) },
	prove:  proveAnswer,
	passed: func(t Try) bool { return t.Right },
	leave:  func(*Player) error { return ErrAnswer },
	due:    func(p *Player, a *Activity) bool { return p.taken.sureAndWrong(a.Of) },
}

// Answer answers the question; it can be repeated until the answer is right.
func (p *Player) Answer(choice int, now time.Time) (right bool, err error) {
	a := p.Gate()
	switch {
	case a == nil || a.Kind.First || a.Kind.Runs():
		return false, ErrNotNow
	case choice < 0 || choice >= len(a.Choices):
		return false, fmt.Errorf("there is no choice %d", choice+1)
	}
	right = a.Choices[choice].Right
	p.add(a, Try{Chosen: a.Choices[choice].ID, Judged: true, Right: right}, now)
	return right, nil
}

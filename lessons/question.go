package lessons

import (
	"fmt"
	"time"
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

// Answer answers the question; it can be repeated until the answer is right.
func (p *Player) Answer(choice int, now time.Time) (right bool, err error) {
	a := p.Gate()
	switch {
	case a == nil || a.Kind != Question:
		return false, ErrNotNow
	case choice < 0 || choice >= len(a.Choices):
		return false, fmt.Errorf("there is no choice %d", choice+1)
	}
	right = a.Choices[choice].Right
	p.add(a, Try{Choice: choice + 1, Judged: true, Right: right}, now)
	return right, nil
}

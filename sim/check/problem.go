package check

import (
	"errors"
	"strings"

	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// Err joins the problems that are errors into one error; nil if there are none.
func Err(all []Problem) error {
	var b strings.Builder
	for _, p := range all {
		if p.Warning != nil {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Path + ": " + p.Msg)
		if p.Hint != "" {
			b.WriteString("\nhint: " + p.Hint)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return errors.New(b.String())
}

// Problem is something wrong with a design, or worth a warning.
type Problem struct {
	Path    string           // where, in the words of the parameter registry: "service.shop.on.place-order.call:pay/charge"
	Msg     string           // lower-case, no full stop
	Hint    string           // what to do; may be empty
	Warning *warning.Warning // nil: an error

	Says, Advice spell.Text // Msg and Hint, for who translates them
}

// Translatable is the message and the hint, as they can be translated.
func (p Problem) Translatable() (says, advice spell.Text) {
	if p.Says.Format == "" {
		return spell.Of(p.Msg), spell.Of(p.Hint)
	}
	return p.Says, p.Advice
}

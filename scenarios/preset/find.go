package preset

import (
	"slices"
	"strings"

	"asynclab/sim/spell"
)

// Error says why a preset cannot be used, and what to do.
type Error struct {
	Msg, Hint    string
	Says, Advice spell.Text // Msg and Hint, for who translates them
}

func (e *Error) Error() string { return e.Msg }

// wrongf is an error; hint is a string or a spell.Text.
func wrongf(hint any, format string, args ...any) error {
	says, advice := spell.Textf(format, args...), spell.Of(hint)
	return &Error{says.String(), advice.String(), says, advice}
}

// Find finds the preset of a name for a kind of element, such as "queue". The part may
// be left out where the product has one that fits, or one that has others.
func Find(name, element string) (Preset, error) {
	head, part, named := strings.Cut(name, "/")
	product, version, err := Lookup(head)
	if err != nil {
		return Preset{}, err
	}
	fits := product.fitting(element)
	full := product.Versioned(version)
	switch {
	case len(fits) == 0:
		return Preset{}, wrongf(spell.Textf("it has %s", product.parts(full)), "%s has nothing for a %s", full, element)
	case !named && whole(product, fits) != nil:
		return Preset{whole(product, fits), version}, nil
	case !named:
		return Preset{}, wrongf(spell.Textf("for a %s write %s", spell.Noun(element), full+"/"+strings.Join(fits, " or "+full+"/")), "which part of %s?", full)
	}
	p := product.Part(part)
	switch {
	case p == nil:
		return Preset{}, wrongf(spell.HintText(part, spell.Textf("%s of %s", spell.Noun("parts"), full), product.names()), "%s has no part %q", full, part)
	case !slices.Contains(p.Fits, element):
		return Preset{}, wrongf(spell.Textf("for a %s write %s", spell.Noun(element), full+"/"+strings.Join(fits, " or "+full+"/")),
			"%s is for a %s, not for a %s", name, strings.Join(p.Fits, ", a "), element)
	}
	return Preset{p, version}, nil
}

// whole is the part that a product's name stands for, of those that fit; nil if none.
func whole(p *Product, fits []string) *Part {
	fits = slices.DeleteFunc(slices.Clone(fits), func(name string) bool { return p.Part(name).Beside != "" })
	if len(fits) == 1 {
		return p.Part(fits[0])
	}
	for _, name := range fits {
		if part := p.Part(name); len(part.With) > 0 {
			return part
		}
	}
	return nil
}

// Lookup finds a product and its version by a name such as "rabbitmq-4.2".
func Lookup(name string) (*Product, string, error) {
	var all []string
	for _, p := range All() {
		if p.Name == name {
			if p.Latest() == "" {
				return p, "", nil
			}
			return nil, "", wrongf(spell.Textf("write %s; there are %s", p.Versioned(p.Latest()), strings.Join(p.versioned(), ", ")),
				"which version of %s? its versions differ", p.Title)
		}
		if version, ok := strings.CutPrefix(name, p.Name+"-"); ok && (p.Latest() == "" || startsAsNumber(version)) {
			if slices.Contains(p.Versions, version) {
				return p, version, nil
			}
			if p.Latest() == "" {
				return nil, "", wrongf(spell.Textf("write %s", p.Name), "%s has no versions here", p.Title)
			}
			return nil, "", wrongf(spell.Textf("there are %s", strings.Join(p.versioned(), ", ")), "there is no version %s of %s", version, p.Title)
		}
		all = append(all, p.versioned()...)
	}
	hint := spell.HintText(name, "presets", all)
	for _, p := range All() {
		if near := spell.DidYouMean(name, []string{p.Name}); near != "" && spell.Nearest(name, all) == "" {
			hint = spell.Textf("%s %s", spell.Textf("did you mean %s?", p.Versioned(p.Latest())), hint)
		}
	}
	return nil, "", wrongf(hint, "there is no preset %q", name)
}

func startsAsNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// versioned are the names of the product, one for each version.
func (p *Product) versioned() (all []string) {
	for _, v := range p.Versions {
		all = append(all, p.Versioned(v))
	}
	if len(all) == 0 {
		all = append(all, p.Name)
	}
	return all
}

func (p *Product) names() (all []string) {
	for _, t := range p.Parts {
		all = append(all, t.Name)
	}
	return all
}

// fitting are the names of the parts for a kind of element.
func (p *Product) fitting(element string) (all []string) {
	for _, t := range p.Parts {
		if slices.Contains(t.Fits, element) {
			all = append(all, t.Name)
		}
	}
	return all
}

// parts says what the product has, and for what.
func (p *Product) parts(full string) string {
	var all []string
	for _, t := range p.Parts {
		all = append(all, full+"/"+t.Name+" for a "+strings.Join(t.Fits, ", a "))
	}
	return strings.Join(all, "; ")
}

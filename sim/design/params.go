package design

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
)

// The registry of parameters: every number of a design that may be given on a
// command line, swept, put on a slider, changed by a fault or saved has one path,
// made from the names in the design and the fields of its tables (fields.go). Nothing is
// stored: a path is looked up by walking the design down the branch that the path
// begins with, so the registry can never disagree with the design, and a Design
// stays plain data.

// ParamKind is the notation of a parameter's value.
type ParamKind uint8

// The kinds. A ParamMean belongs to a distribution: it scales the distribution
// to a mean and keeps its shape.
const (
	ParamNumber   ParamKind = iota // with the unit of the parameter, if it has one
	ParamInteger                   // a count
	ParamRatio                     // a share or probability: 0.1% or 0.001
	ParamDuration                  // a time with its unit
	ParamDist                      // an expression: exp(5ms)
	ParamMean                      // one quantity, in the unit of the distribution
)

var paramKindNames = [...]string{"number", "integer", "ratio", "duration", "distribution", "mean"}

func (k ParamKind) String() string { return paramKindNames[k] }

// paramKinds maps the kind of a field to the notation of its parameter.
var paramKinds = map[spec.Kind]ParamKind{
	spec.Count: ParamInteger, spec.Share: ParamRatio, spec.Duration: ParamDuration,
	spec.TimeDist: ParamDist, spec.SizeDist: ParamDist, spec.CountDist: ParamDist,
}

// Param describes a parameter.
type Param struct {
	Path             string
	Kind             ParamKind
	Unit             draw.Unit // of Number, Min and Max: base units, seconds for times
	Label            string    // the unit to show: "s", "1/s", "workers"; may be empty
	Min, Max         float64   // inclusive; of a distribution: of its mean
	Live             bool      // can change during a run
	NoneAllowed      bool      // "none" is a value: never, or not at all
	UnlimitedAllowed bool      // "unlimited" is a value: no bound
	Rank             int       // order of importance, from 1; 0: after all with a rank
	ID               string    // of its declaration: "param.queue.ttl"
	Doc              string    // one line
}

// ParamError is an error about a parameter: its path, the reason and a correction.
type ParamError struct {
	Path, Msg, Hint string // Hint may be empty

	says, advice spell.Text // Msg and Hint, for who translates them
}

// Advice is the hint, as it can be translated.
func (e *ParamError) Advice() spell.Text {
	if e.advice.Format == "" {
		return spell.Of(e.Hint)
	}
	return e.advice
}

// Says is the message without the path, as it can be translated.
func (e *ParamError) Says() spell.Text {
	if e.says.Format == "" {
		return spell.Of(e.Msg)
	}
	return e.says
}

// Wrong is an error about a parameter; hint is a string or a spell.Text.
func Wrong(path string, hint any, format string, args ...any) *ParamError {
	says, advice := spell.Textf(format, args...), spell.Of(hint)
	return &ParamError{Path: path, Msg: says.String(), Hint: advice.String(), says: says, advice: advice}
}

func (e *ParamError) Error() string {
	if e.Hint == "" {
		return e.Path + ": " + e.Msg
	}
	return e.Path + ": " + e.Msg + " (" + e.Hint + ")"
}

// Params lists the parameters of a design, in the order of its declaration.
// Links that are not declared are not listed, but have parameters too: those of
// the link that applies to them.
func Params(d *Design) []Param {
	var all []Param
	w := walker{d: d, visit: func(path string, s *slot) { all = append(all, s.param(path)) }}
	w.design()
	return all
}

// slot is one parameter of one design: its field, and the struct that has it.
type slot struct {
	*spec.Field
	owner   any
	mean    bool   // the mean of the distribution
	declare func() // puts the owner into the design; nil: it is there
	path    string // as the registry lists it; of a slot that was looked up
	old     bool   // it was looked up by the place of a step
}

func (s *slot) load() spec.Value { return s.Load(s.owner) }

func (s *slot) param(path string) Param {
	p := Param{
		Path: path, Kind: paramKinds[s.Kind], Unit: s.Kind.Unit(), Label: s.Label, Min: s.Min, Max: s.Max, Live: s.Live,
		NoneAllowed: s.None, UnlimitedAllowed: s.Unlimited, Rank: s.Rank, ID: "param." + s.ID(), Doc: s.Doc,
	}
	if s.mean {
		p.Kind, p.Doc = ParamMean, "mean of: "+s.Doc+" (scales it, the shape stays)"
	}
	return p
}

// text is the canonical text of the value.
func (s *slot) text() string {
	if s.mean {
		return s.TextOf(s.Number(s.load()))
	}
	return s.Text(s.load())
}

func (s *slot) fromNumber(x float64) (spec.Value, error) {
	if s.Kind.Dist() {
		return s.Scale(x, s.load())
	}
	return s.FromNumber(x)
}

func (s *slot) parse(text string) (spec.Value, error) {
	if s.mean {
		return s.ParseMean(text, s.load())
	}
	return s.Parse(text)
}

// store writes a value that has passed the checks.
func (s *slot) store(v spec.Value) {
	s.Store(s.owner, v)
	s.declared()
}

// declared puts the owner into the design, if it is not yet there.
func (s *slot) declared() {
	if s.declare != nil {
		s.declare()
	}
}

// Lookup describes one parameter. Its path is as Params lists it, whichever of its
// names was asked for.
func (d *Design) Lookup(path string) (Param, error) {
	s, err := d.find(path)
	if err != nil {
		return Param{}, err
	}
	return s.param(s.path), nil
}

// Get is the canonical text of a parameter's value; Set reads it back.
func (d *Design) Get(path string) (string, error) {
	s, err := d.find(path)
	if err != nil {
		return "", err
	}
	return s.text(), nil
}

// Number is the value of a parameter in its base unit: seconds for times, the
// mean of a distribution, +Inf for none and unlimited.
func (d *Design) Number(path string) (float64, error) {
	s, err := d.find(path)
	if err != nil {
		return math.NaN(), err
	}
	return s.Number(s.load()), nil
}

// Set gives a parameter a value, written as in a scenario file. A parameter of
// a link that is not declared declares it, with everything else as it was.
// On an error the design is unchanged.
func (d *Design) Set(path, value string) error {
	s, v, err := d.parse(path, value)
	if s != nil {
		s.store(v)
	}
	return err
}

// parse reads a value for a parameter. The slot is nil when the value is the
// present one: a default stays a default, and a written value keeps its text.
func (d *Design) parse(path, value string) (*slot, spec.Value, error) {
	s, err := d.find(path)
	if err != nil {
		return nil, spec.Value{}, err
	}
	change, v, err := s.read(path, value)
	if !change {
		s = nil
	}
	return s, v, err
}

// read reads a value; change is false when it is the present one, or wrong.
func (s *slot) read(path, value string) (change bool, v spec.Value, err error) {
	value = strings.TrimSpace(value)
	if value == s.text() {
		return false, v, nil
	}
	if v, err = s.parse(value); err != nil {
		return false, v, s.wrong(path, value, err)
	}
	return true, v, nil
}

// SetNumber gives a parameter a value in its base unit, as Number returns it: a
// distribution is scaled to the mean, and +Inf is none or unlimited.
func (d *Design) SetNumber(path string, x float64) error {
	s, err := d.find(path)
	if err != nil {
		return err
	}
	if x == s.Number(s.load()) {
		return nil
	}
	v, err := s.fromNumber(x)
	if err != nil {
		return s.wrong(path, fmt.Sprint(x), err)
	}
	s.store(v)
	return nil
}

// Copy gives a parameter exactly the value that it has in another design, also
// where its text would lose something: the samples of a file, or the rounding of
// a distribution that was scaled to a mean and back.
func (d *Design) Copy(path string, from *Design) error {
	s, err := d.find(path)
	if err != nil {
		return err
	}
	o, err := from.find(path)
	if err != nil {
		return err
	}
	if s.Field != o.Field {
		return &ParamError{Path: path, Msg: "is another kind of parameter in the other design"}
	}
	s.Copy(s.owner, o.owner)
	s.declared()
	return nil
}

// Valid reports whether Set would accept a value; it changes nothing.
func (d *Design) Valid(path, value string) error {
	_, _, err := d.parse(path, value)
	return err
}

// Clone is a deep copy: changing one never changes the other. Distributions are
// immutable and may be shared.
func (d *Design) Clone() *Design {
	c := *d
	deepen(reflect.ValueOf(&c).Elem())
	return &c
}

// deepen replaces every slice inside v by a copy. By reflection, so that a new
// field of a design cannot be forgotten.
func deepen(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		v.Set(c)
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Slice {
			for i := range v.Len() {
				deepen(v.Index(i))
			}
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[draw.Dist]():
			return
		case reflect.TypeFor[Use]():
			v.Addr().Interface().(*Use).own()
			return
		}
		for i := range v.NumField() {
			deepen(v.Field(i))
		}
	}
}

// find looks a path up. The walk enters only elements that the path begins with,
// so that its cost grows with the number of elements, not of parameters.
func (d *Design) find(path string) (*slot, error) {
	if s := d.lookup(path); s != nil {
		return s, nil
	}
	return nil, d.Unknown(path, d.Paths())
}

func (d *Design) lookup(path string) *slot {
	if path == "" {
		return nil
	}
	w := walker{d: d, want: path}
	w.design()
	if w.found == nil {
		w.undeclaredLink()
	}
	if w.found == nil && strings.Contains(path, handlerMark) {
		w.places = true
		w.design()
	}
	return w.found
}

func (d *Design) Paths() []string {
	var paths []string
	w := walker{d: d, visit: func(p string, _ *slot) { paths = append(paths, p) }}
	w.design()
	return paths
}

// wrong makes the error for a value that the parameter cannot have.
func (s *slot) wrong(path, value string, err error) *ParamError {
	var bad *spec.Error
	if errors.As(err, &bad) {
		return Wrong(path, bad.Advice(), "%s", bad.Says())
	}
	var expr *draw.ExprError
	if errors.As(err, &expr) {
		hint := expr.Advice()
		if hint.Format == "" {
			hint = s.Expects()
		}
		return Wrong(path, hint, "cannot read %s: %s", Quoted(value), expr.Says())
	}
	return Wrong(path, s.Expects(), "%s", spell.Of(err.Error()))
}

// Quoted quotes a text of the user, shortened if it is long.
func Quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

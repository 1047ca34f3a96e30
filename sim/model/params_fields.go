package model

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"asynclab/sim/draw"
)

// field describes one tagged field of a type of the design. The tag is
//
//	param:"NAME,live,none,unlimited,self,unit=U,min=N,max=N,zero=V,has=FIELD"
//	param:"NAME,except=NAME" for a nested struct whose parameters are NAME.…
//
// live: can change during a run. none, unlimited: those words are values. self:
// the path of the step itself, without NAME. zero: what the zero value means;
// "auto" is worked out by the walker. has: the bool that says the field is set.
type field struct {
	name      string
	index     int
	has       int // index of the bool; -1: none
	kind      ParamKind
	unit      draw.Unit
	label     string
	min, max  float64
	live      bool
	none      bool
	unlimited bool
	self      bool
	zero      zeroMeans
	zeroValue float64 // with zeroNumber; +Inf is none or unlimited
	id        string  // of the declaration, for translations
	doc       string
	nested    bool
	inside    []field // of a nested struct
}

// zeroMeans is what the zero value of a field stands for.
type zeroMeans uint8

const (
	zeroItself zeroMeans = iota
	zeroNumber
	zeroAuto
)

// maxQuantity bounds what has no bound of its own: the largest value that a
// distribution takes.
const maxQuantity = 1e18

var (
	fieldsOf     = map[reflect.Type][]field{}
	weightField  field
	errorsField  = field{name: "factor", has: -1, kind: ParamRatio, unit: draw.Ratio, label: "ratio", max: 1, id: "param.fault.errors", doc: paramDocs["Fault.errors"]}
	durationType = reflect.TypeFor[time.Duration]()
)

func init() {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Load](), reflect.TypeFor[Arrivals](), reflect.TypeFor[Segment](), reflect.TypeFor[Service](),
		reflect.TypeFor[Consume](), reflect.TypeFor[Step](), reflect.TypeFor[LinkParams](), reflect.TypeFor[Queue](),
		reflect.TypeFor[Fault](),
	} {
		fieldsOf[t] = readFields(t)
	}
}

func readFields(t reflect.Type) []field {
	var fs []field
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, ok := sf.Tag.Lookup("param")
		if !ok {
			continue
		}
		f := field{index: i, has: -1}
		if sf.Type.Kind() == reflect.Struct && sf.Type != distType {
			name, except, _ := strings.Cut(tag, ",except=")
			f.name, f.nested, f.inside = name, true, readFields(sf.Type)
			f.inside = slices.DeleteFunc(f.inside, func(g field) bool { return g.name == except })
			fs = append(fs, f)
			continue
		}
		f.readType(sf.Type)
		f.readTag(tag, t)
		f.id = "param." + strings.ToLower(strings.TrimSuffix(t.Name(), "Params")) + "." + f.name
		f.doc = paramDocs[t.Name()+"."+f.name]
		if sf.Type.Kind() == reflect.Slice { // weights: one parameter for each element
			weightField = f
			continue
		}
		fs = append(fs, f)
	}
	return fs
}

// readType sets what follows from the Go type, before the tag refines it.
func (f *field) readType(t reflect.Type) {
	f.max = maxQuantity
	switch {
	case t == distType:
		f.kind, f.unit, f.label, f.max = ParamDist, draw.Seconds, "s", MaxTime.Seconds()
	case t == durationType:
		f.kind, f.unit, f.label, f.max = ParamDuration, draw.Seconds, "s", MaxTime.Seconds()
	case t.Kind() == reflect.Int:
		f.kind = ParamInteger
	}
}

func (f *field) readTag(tag string, t reflect.Type) {
	for i, part := range strings.Split(tag, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case i == 0:
			f.name = part
		case key == "live":
			f.live = true
		case key == "none":
			f.none = true
		case key == "unlimited":
			f.unlimited = true
		case key == "self":
			f.self = true
		case key == "unit":
			f.readUnit(value)
		case key == "min":
			f.min = mustFloat(value)
		case key == "max":
			f.max = mustFloat(value)
		case key == "has":
			sf, ok := t.FieldByName(value)
			if !ok {
				panic("model: no field " + value)
			}
			f.has = sf.Index[0]
		case key == "zero":
			f.readZero(value)
		default:
			panic("model: unknown option in the tag " + tag)
		}
	}
}

func (f *field) readUnit(label string) {
	f.label, f.unit = label, draw.None
	switch label {
	case "1/s":
		f.unit = draw.PerSecond
	case "B":
		f.unit, f.max = draw.Bytes, maxQuantity
	case "B/s":
		f.unit = draw.BytesPerSecond
	case "ratio":
		f.kind, f.unit = ParamRatio, draw.Ratio
	default:
		if f.kind == ParamDist {
			f.max = MaxFanOut
		}
	}
}

func (f *field) readZero(value string) {
	f.zero = zeroNumber
	switch value {
	case "auto":
		f.zero = zeroAuto
	case "none":
		f.zeroValue, f.none = math.Inf(1), true
	case "unlimited":
		f.zeroValue, f.unlimited = math.Inf(1), true
	default:
		if d, err := time.ParseDuration(value); err == nil && f.kind == ParamDuration {
			f.zeroValue = d.Seconds()
			return
		}
		f.zeroValue = mustFloat(value)
	}
}

func mustFloat(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(fmt.Sprintf("model: bad number %q in a param tag", s))
	}
	return x
}

// fields walks the tagged fields of a struct that keep (nil: all) wants.
func (w *walker) fields(ptr any, keep func(*field) bool) { w.defaults(ptr, keep, nil) }

// defaults is fields, with what the zero value of a field tagged zero=auto means.
func (w *walker) defaults(ptr any, keep func(*field) bool, auto func(*field) float64) {
	v := reflect.ValueOf(ptr).Elem()
	w.walkFields(v, fieldsOf[v.Type()], keep, auto)
}

func (w *walker) walkFields(v reflect.Value, fs []field, keep func(*field) bool, auto func(*field) float64) {
	for i := range fs {
		f := &fs[i]
		if keep != nil && !keep(f) {
			continue
		}
		if f.nested {
			w.within(func() { w.walkFields(v.Field(f.index), f.inside, nil, nil) }, f.name)
			continue
		}
		s := slot{f: f, v: v.Field(f.index)}
		if f.has >= 0 {
			s.has = v.Field(f.has)
		}
		if f.zero == zeroAuto && auto != nil {
			s.auto = auto(f)
		}
		if f.self {
			w.value(s)
		} else {
			w.within(func() { w.value(s) }, f.name)
		}
	}
}

// value reports a field; a distribution has its mean as a second parameter.
func (w *walker) value(s slot) {
	w.emit(s)
	if s.f.kind == ParamDist {
		s.mean = true
		w.within(func() { w.emit(s) }, "mean")
	}
}

package spec

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"asynclab/sim/draw"
)

// Limits of values whose field has no narrower limit.
const (
	MaxTime     = 20 * 365 * 24 * time.Hour
	MaxRate     = 1e9  // per second
	MaxQuantity = 1e18 // the largest value that a distribution takes
	MaxBatch    = 1e6  // mean of a distribution of counts
)

// None is the duration that means "never".
const None time.Duration = -1

// Unlimited is the count that means no bound.
const Unlimited = -1

// Kind is the kind of value that a field takes.
type Kind uint8

// The kinds; those up to CountDist are numbers.
const (
	Number    Kind = iota // without a unit
	Count                 // a whole number
	Share                 // 0 to 1, written as a percentage
	Rate                  // a number per time
	Bandwidth             // a size per time
	Size                  // a number of bytes
	Duration              // a time with its unit
	TimeDist              // a distribution of times
	SizeDist              // a distribution of sizes
	CountDist             // a distribution of whole numbers
	YesNo                 // true or false
	Word                  // one of Words
	Text                  // any text
	Name                  // of an element of the design
	Target                // NODE/ENTRY
	Part                  // the fields of Inner
	Form                  // a structure that the reader of the language knows by the name in Form
)

// kinds has for each kind its unit, its name in messages, its maximum, and what
// to write: as its value, and as the mean of a distribution.
var kinds = [...]struct {
	unit                 draw.Unit
	label                string
	max                  float64
	expects, expectsMean string
}{
	Number:    {max: MaxQuantity, expects: "number"},
	Count:     {max: MaxQuantity, expects: "whole number"},
	Share:     {draw.Ratio, "ratio", 1, "share such as 0.1% or 0.001, from 0 to 1", ""},
	Rate:      {draw.PerSecond, "1/s", MaxRate, "rate, such as 200/s", ""},
	Bandwidth: {draw.BytesPerSecond, "B/s", 1e15, "bandwidth, such as 10MB/s", ""},
	Size:      {draw.Bytes, "B", 1e15, "size, such as 2kB or 1GB", ""},
	Duration:  {draw.Seconds, "s", MaxTime.Seconds(), aTime, ""},
	TimeDist:  {draw.Seconds, "s", MaxTime.Seconds(), "distribution of times, such as 5ms or exp(5ms)", aTime},
	SizeDist:  {draw.Bytes, "B", MaxQuantity, "distribution of sizes, such as 2kB or exp(2kB)", "size, such as 2kB"},
	CountDist: {max: MaxBatch, expects: "distribution of numbers, such as 5 or geometric(5)", expectsMean: "number"},
	Form:      {},
}

const aTime = "time with its unit, such as 250ms, 2s or 1m"

// Unit is the base unit of the numbers of a kind.
func (k Kind) Unit() draw.Unit { return kinds[k].unit }

// Numeric reports whether the value is a number or a distribution of numbers.
func (k Kind) Numeric() bool { return k <= CountDist }

// Dist reports whether the value is a distribution.
func (k Kind) Dist() bool { return k >= TimeDist && k <= CountDist }

// Place returns a pointer to the value, given a pointer to the struct that owns
// it.
type Place func(owner any) any

// At is the place of a V in a T.
func At[T, V any](place func(*T) *V) Place { return func(owner any) any { return place(owner.(*T)) } }

// Same is the place of a Part whose fields are those of the owner itself.
func Same(owner any) any { return owner }

// ordinal is a value that is kept as its number in a list of words.
type ordinal interface {
	get() int
	set(i int)
}

type enum[V ~uint8] struct{ at *V }

func (e enum[V]) get() int  { return int(*e.at) }
func (e enum[V]) set(i int) { *e.at = V(i) }

// Enum is the place of a Word that is kept as its number in Words.
func Enum[T any, V ~uint8](place func(*T) *V) Place {
	return func(owner any) any { return enum[V]{place(owner.(*T))} }
}

type not struct{ at *bool }

func (n not) set(i int) { *n.at = i == 0 }
func (n not) get() int {
	if *n.at {
		return 0
	}
	return 1
}

// Not is the place of a YesNo that is kept as its opposite.
func Not[T any](place func(*T) *bool) Place {
	return func(owner any) any { return not{place(owner.(*T))} }
}

type oneOf[V any] struct {
	at  **V
	all []*V
}

func (o oneOf[V]) get() int  { return max(0, slices.Index(o.all, *o.at)) }
func (o oneOf[V]) set(i int) { *o.at = o.all[i] }

// OneOf is the place of a Word that is kept as the value of that number; nil is the
// first.
func OneOf[T, V any](all []*V, place func(*T) **V) Place {
	return func(owner any) any { return oneOf[V]{place(owner.(*T)), all} }
}

// When is a condition on a T.
func When[T any](cond func(*T) bool) func(any) bool {
	return func(owner any) bool { return cond(owner.(*T)) }
}

// Default is the value of a field that is not written.
type Default struct {
	Value    float64           // in the base unit; +Inf is none or unlimited; of a Word its number, of a YesNo 1 for true
	Given    bool              // Value is set
	Written  bool              // the reader stores it: the zero value does not stand for it
	Auto     func(any) float64 // computes the value from the owner
	Text     string            // describes the default, if it is not Value
	Required bool              // a value must be written
}

// Required is the default of a field that must be written.
var Required = Default{Required: true}

// Never is the default "none" of a duration, or "unlimited" of a count.
var Never = Of(math.Inf(1))

// Of is the default for which the zero value of the Go field stands.
func Of(x float64) Default { return Default{Value: x, Given: true} }

// Written is the default that the reader stores.
func Written(x float64) Default { return Default{Value: x, Given: true, Written: true} }

// Says is a default in words.
func Says(text string) Default { return Default{Text: text} }

// Auto is the default that is computed from the owner, a T.
func Auto[T any](text string, f func(*T) float64) Default {
	return Default{Text: text, Auto: func(owner any) float64 { return f(owner.(*T)) }}
}

// Names of parameters that are not the key.
const (
	Self    = "." // the value has the path of its owner
	NoParam = "-" // the value is no parameter
)

// Field is one field of a type.
type Field struct {
	Key   string // in a scenario; "": the field is not written there by itself
	Path  string // its name among parameters if that is not the key; or Self, or NoParam
	Kind  Kind
	Form  string // of a Form: its name
	Inner *Table // of a Part
	Doc   string // one line
	Of    string // where several tables have the field: what it has its ID from, in place of its table

	Label     string  // what a count counts: "workers"
	Min, Max  float64 // inclusive, in the base unit; of a distribution: of its mean. Max 0: that of the kind
	None      bool    // "none" is a value: never, or not at all
	Unlimited bool    // "unlimited" is a value: no bound
	NotZero   bool    // a scenario may not say 0
	Words     []string
	AutoWord  string // a scenario may write it for the default
	ZeroWord  string // a scenario may write it for 0
	Default   Default
	Live      bool // can change while a run goes on
	Rank      int  // order among the most important parameters, from 1; 0: after them

	At    Place
	Zero  Place          // a *bool that says that the zero value is meant, and not the default
	Has   Place          // a *bool that says the value is set; nil: the zero value means that it is not set
	By    Place          // a *string: the attribute of the operation that multiplies the value; a scenario may write its name, or VALUE * NAME
	Where func(any) bool // the owners to which the field applies; nil: all

	mean  bool   // the value written is the mean of a distribution
	table string // the name of the table
}

// ID is the stable name of the declaration: "queue.ttl".
func (f *Field) ID() string {
	return strings.ReplaceAll(cmp.Or(f.Of, f.table)+"."+cmp.Or(f.Key, f.Path), " ", "-")
}

// Table is the name of the table that has the field.
func (f *Field) Table() string { return f.table }

// Param is the name of the field among the parameters; ok is false where it is none.
func (f *Field) Param() (name string, ok bool) {
	switch {
	case f.Path == NoParam, !f.Kind.Numeric() && f.Kind != Part:
		return "", false
	case f.Path != "":
		return f.Path, true
	}
	return f.Key, f.Key != ""
}

// Applies reports whether the field applies to its owner.
func (f *Field) Applies(owner any) bool { return f.Where == nil || f.Where(owner) }

// Table is the fields of a type, in the order in which they are shown.
type Table struct {
	Name   string // "service"
	Doc    string // one line
	Fields []Field
	Short  bool // a value that is not a mapping is the value of the first field
	Shared bool // designs share it: a design may take a part away with null
}

// New completes a table: the range and the label of a kind, where a field has
// none of its own.
func New(t Table) *Table {
	for i := range t.Fields {
		f := &t.Fields[i]
		f.table = t.Name
		if f.Max == 0 {
			f.Max = kinds[f.Kind].max
		}
		if f.Label == "" {
			f.Label = kinds[f.Kind].label
		}
	}
	return &t
}

// Several are fields that several tables have, of whom they have their IDs.
func Several(of string, fields ...Field) []Field {
	for i := range fields {
		fields[i].Of = cmp.Or(fields[i].Of, of)
	}
	return fields
}

// Field finds a field by its key; nil if there is none.
func (t *Table) Field(key string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Key == key {
			return &t.Fields[i]
		}
	}
	return nil
}

// Reset sets every field to its default, so that a part that is written
// inherits nothing from the part that it replaces. It does not touch forms,
// which their readers reset.
func (t *Table) Reset(owner any) {
	for i := range t.Fields {
		switch f := &t.Fields[i]; {
		case f.Kind == Form:
		case f.Kind == Part:
			f.Inner.Reset(f.At(owner))
		default:
			if p, word := f.At(owner).(ordinal); word {
				p.set(int(f.Default.Value))
			} else {
				reflect.ValueOf(f.At(owner)).Elem().SetZero()
			}
			for _, flag := range []Place{f.Has, f.Zero} {
				if flag != nil {
					*flag(owner).(*bool) = false
				}
			}
		}
	}
	t.Fill(owner)
}

// Fill stores the defaults that the zero value does not stand for (Written).
func (t *Table) Fill(owner any) {
	for i := range t.Fields {
		f := &t.Fields[i]
		if !f.Default.Written {
			continue
		}
		if f.Kind.Numeric() {
			f.Store(owner, Value{Num: f.Default.Value})
		} else {
			f.Choose(owner, int(f.Default.Value))
		}
	}
}

// Known reports whether the stored number of a Word is that of one of its
// words.
func (f *Field) Known(owner any) bool { return f.Chosen(owner) < len(f.Words) }

// Choose stores a Word by its number, or a YesNo: 1 for true.
func (f *Field) Choose(owner any, i int) {
	switch p := f.At(owner).(type) {
	case *bool:
		*p = i == 1
	case ordinal:
		p.set(i)
	}
}

// Chosen is the number of the word that is stored; of a YesNo 1 for true.
func (f *Field) Chosen(owner any) int {
	switch p := f.At(owner).(type) {
	case *bool:
		if *p {
			return 1
		}
	case ordinal:
		return p.get()
	}
	return 0
}

// Says is the text of the default; value reports whether it may also be written
// as a value.
func (f *Field) Says() (text string, value bool) {
	d := f.Default
	switch {
	case d.Text != "":
		return d.Text, d.Given || d.Text == f.AutoWord
	case f.Kind == Part && f.Inner.Short:
		return f.Inner.Fields[0].Says()
	case !d.Given:
		return "", false
	case f.Kind == YesNo:
		return [...]string{"false", "true"}[int(d.Value)], true
	case f.Kind == Word:
		return f.Words[int(d.Value)], true
	}
	return f.Text(f.ofDefault(d.Value)), true
}

// Visit calls see for every field of the table and of its parts, once.
func (t *Table) Visit(see func(t *Table, f *Field)) { t.visit(map[*Table]bool{}, see) }

func (t *Table) visit(seen map[*Table]bool, see func(t *Table, f *Field)) {
	if seen[t] {
		return
	}
	seen[t] = true
	for i := range t.Fields {
		see(t, &t.Fields[i])
		if in := t.Fields[i].Inner; in != nil {
			in.visit(seen, see)
		}
	}
}

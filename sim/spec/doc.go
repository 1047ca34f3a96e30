// Package spec describes fields: the values that they take, the unit and range
// of these, the default, and where in a Go struct the value is kept. A field is
// declared once, in a table beside its type:
//
//	Table{"service", …}           Field{Key: "workers", Kind: Count, Max: …, Default: Of(1), Doc: …, At: …}
//	       │
//	       ├── reader of scenarios    keys, ranges, words, unknown-key hints
//	       ├── JSON Schema            one property for each key
//	       ├── LANGUAGE.md            one row for each key
//	       ├── parameters             one path for each number: get, set, change while it runs
//	       └── params, sliders        range, unit, doc
//
// Tables are plain values: a table may be part of another (Part), and code that
// reads tables gets them as arguments. The package knows neither YAML nor what
// a design is.
//
// # How to choose
//
// The kind determines what a scenario contains as the value:
//
//	Number Count Share Rate Bandwidth Size Duration   one quantity; None and Unlimited add the words
//	TimeDist SizeDist CountDist                  an expression, such as exp(5ms)
//	YesNo Word Text Name Target                  not a number: in the language, but no parameter
//	Part                                         the fields of another table: at the same place (Same) or in a struct of it
//	Form                                         anything with a shape of its own, such as a list of steps; the reader knows it by name
//
// The place is At(func(s *Service) *int { return &s.Workers }); a word is kept
// by Enum, or in a bool (false is the first word). The default is Of where the
// zero value of the Go field stands for it, Written where the reader has to
// store it, Auto where it is computed from the other fields, and Says where it
// can only be described in words.
package spec

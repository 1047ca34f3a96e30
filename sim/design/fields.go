package design

import "asynclab/sim/spec"

// Tables are the fields of a design, by element. Parameters, the language, its
// schema and its reference are made from them.
type Tables struct {
	Load, Service, Broker, Link, Fault, Prices *spec.Table
	Steps                                      []StepTable // by StepOp
	Mechanisms                                 []Mechanism
}

// StepTable is one kind of step: its options, the first of which is its name.
type StepTable struct {
	Op   StepOp
	Bare bool // it may stand alone, as a word
	*spec.Table
}

// Name is the key of the step in a scenario.
func (t StepTable) Name() string { return t.Fields[0].Key }

// Core are the tables of the elements that every design can have, without mechanisms.
var Core = Tables{Load: loadTable, Service: serviceTable, Broker: brokerTable, Link: linkTable, Fault: faultTable, Prices: pricesTable, Steps: stepTables}

// Visit calls see for every field, once.
func (t *Tables) Visit(see func(t *spec.Table, f *spec.Field)) {
	root := spec.Table{Fields: []spec.Field{{Inner: t.Load}, {Inner: t.Service}, {Inner: t.Broker}, {Inner: t.Link}, {Inner: t.Fault}, {Inner: t.Prices}}}
	for _, s := range t.Steps {
		root.Fields = append(root.Fields, spec.Field{Inner: s.Table})
	}
	root.Visit(func(of *spec.Table, f *spec.Field) {
		if of != &root {
			see(of, f)
		}
	})
}

// useField names presets of an element; the reader of the language lays their settings
// under those of the element.
var useField = spec.Field{Of: "element", Key: "use", Path: spec.NoParam, Kind: spec.Form, Form: "use", Default: spec.Says("nothing"),
	Doc: "presets, whose settings it has where it says nothing else", At: spec.Same}

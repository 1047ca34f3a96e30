package scenarios

import (
	"fmt"
	"math"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/spec"
	"asynclab/sim/spell"
	"asynclab/sim/warning"

	"github.com/invopop/jsonschema"
)

// Version is the version of the language that this package reads.
const Version = 1

// Scenario is the content of a scenario file: designs of one system, how to run
// them, and the expectations.
type Scenario struct {
	Path                     string // as it was given to Load or Parse
	Name, Title, Description string
	Covers                   []string // ids of the catalogue: C1, E7
	Run                      Settings
	Designs                  []*design.Design // in the order of the file; merged, with defaults
	DesignTitles             []string         // one per design; the name where there is no title
	Presets                  [][]Used         // one list per design: what its elements have from presets
	Changes                  []Change         // made by hand in an earlier run, in the order of the file
	Expect                   []Expectation
	DataFiles                []string  // that it reads, beside it
	Data                     []DataUse // what it took from them
	Silence                  []warning.Kind
	Warnings                 yamltree.Diagnostics // those that matter most first, without the silenced ones
	Silenced                 int                  // how many are silenced

	source []byte // the text it was read from
	origin origin
}

// Source is the text that the scenario was read from.
func (s *Scenario) Source() string { return string(s.source) }

// Design finds a design by its name; nil if there is none.
func (s *Scenario) Design(name string) *design.Design {
	for _, d := range s.Designs {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// DesignNames are the names of the designs.
func (s *Scenario) DesignNames() (all []string) {
	for _, d := range s.Designs {
		all = append(all, d.Name)
	}
	return all
}

// Currency is that of the designs' prices; "" without prices.
func (s *Scenario) Currency() string {
	for _, d := range s.Designs {
		if d.Prices.Currency != "" {
			return d.Prices.Currency
		}
	}
	return ""
}

// Settings say how the designs are run.
type Settings struct {
	Duration     time.Duration // simulated time, warm-up included; 0: until Completions
	Warmup       time.Duration // cut off from every metric; 0 where WarmupShare is set
	WarmupShare  float64       // of the duration
	Drain        time.Duration // most that the drain lasts; 0: the default, spec.None: no drain
	Completions  uint64        // measured completions after which a run ends; 0: none
	Seed         uint64
	Replications int
	MaxEvents    uint64 // 0: no bound
}

// WarmupOf is the warm-up of a run of this length: a share follows the length
// that the command line gives.
func (s Settings) WarmupOf(length time.Duration) time.Duration {
	if s.WarmupShare > 0 {
		return time.Duration(math.Round(float64(length) * s.WarmupShare))
	}
	return s.Warmup
}

// Limits of a scenario file as a whole.
const (
	maxDesigns = 64
	maxRead    = 1_000_000 // nodes read for all designs together
	maxExpect  = 1_000
)

// document is the file before merging: the parts that designs share are kept as
// trees and merged into each design.
type document struct {
	Scenario
	load, services, brokers, links *yamltree.Node
	faults, prices, zones          *yamltree.Node
	changes                        *yamltree.Node
	designs                        *yamltree.Node
	expect                         *yamltree.Node
}

// variant is a design before it is merged with the shared parts.
type variant struct {
	title                                               string
	load, services, brokers, links, faults, prices, set *yamltree.Node
	zones                                               *yamltree.Node
	extends                                             *yamltree.Node
}

// treeForm keeps the tree of a part, which is read later.
func treeForm(kind func(l *language, f *spec.Field) *kind) form {
	return form{kind, func(_ *reader, n *yamltree.Node, e *entry, owner any) bool {
		*e.At(owner).(**yamltree.Node) = n
		return true
	}}
}

// mappingForm keeps the tree of a mapping from keys to mappings with the fields of
// Inner.
func mappingForm(keys *kind) form {
	return treeForm(func(l *language, f *spec.Field) *kind { return byName(keys, l.partKind(f)) })
}

var linkEnds = &kind{name: "link (`shop -> pay`) or `default`"}

func faultsKind(l *language, f *spec.Field) *kind {
	o := l.object(f.Inner)
	return &kind{name: "list of faults", example: "[{at: 2min, for: 30s, crash: pay}]", object: o,
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: ref(o)} }}
}

// warmupForm is the warm-up: a time, or a share of the duration.
var warmupForm = form{
	fixed(&kind{name: "duration or share", example: "1min", doc: "a time, or a share of the duration",
		schema: func() *jsonschema.Schema { return anyOf(durationKind.schema(), shareKind.schema()) }}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		s := owner.(*Settings)
		text, ok := r.text(n, e.kind)
		if !ok {
			return false
		}
		if q, err := draw.ParseQuantity(text); err != nil || q.Unit != draw.Ratio {
			s.Warmup, ok = r.duration(n, 0, text, durationKind, true)
			return ok
		}
		if s.WarmupShare, ok = r.quantity(n, 0, text, draw.Ratio, shareKind); ok && s.WarmupShare >= 1 {
			r.at(n, "for example 10%", "the warm-up takes the whole run")
			ok = false
		}
		return ok
	},
}

var runTable = spec.New(spec.Table{
	Name: "run", Doc: "how long and how often the designs are run",
	Fields: []spec.Field{
		{Key: "duration", Kind: spec.Duration, NotZero: true, Default: spec.Says("until `completions`"), Doc: "simulated time, warm-up included",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Duration })},
		{Key: "warmup", Kind: spec.Form, Form: "warmup", Default: spec.Default{Text: "0s", Given: true}, Doc: "cut off from every metric", At: spec.Same},
		{Key: "drain", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("the longest deadline of the loads, at most the duration"),
			Doc: "most time after the duration in which the operations of the window are followed to their ends; only they are measured in it",
			At:  spec.At(func(s *Settings) *time.Duration { return &s.Drain })},
		{Key: "completions", Kind: spec.Count, Min: 1, Max: 1e15, Unlimited: true, Default: spec.Never, Doc: "the run ends at so many measured completions",
			At: spec.At(func(s *Settings) *uint64 { return &s.Completions })},
		{Key: "seed", Kind: spec.Count, Max: 1e15, Default: spec.Written(1), Doc: "the same seed gives the same run",
			At: spec.At(func(s *Settings) *uint64 { return &s.Seed })},
		{Key: "replications", Kind: spec.Count, Min: 1, Max: 10_000, Default: spec.Written(1),
			Doc: "runs with different random numbers; with several, a metric is a mean with an interval",
			At:  spec.At(func(s *Settings) *int { return &s.Replications })},
		{Key: "max_events", Kind: spec.Count, Min: 1, Max: 1e15, Unlimited: true, Default: spec.Never,
			Doc: "a budget: a run that needs more events ends there, and says so",
			At:  spec.At(func(s *Settings) *uint64 { return &s.MaxEvents })},
	},
})

func variantTable(t *design.Tables) *spec.Table {
	return spec.New(spec.Table{
		Name: "design", Doc: "one way to build the system: what it changes in, and adds to, what all designs share, or another design",
		Fields: []spec.Field{
			{Key: "title", Kind: spec.Text, Default: spec.Says("its name"), Doc: "one line about it", At: spec.At(func(v *variant) *string { return &v.title })},
			{Key: "extends", Kind: spec.Form, Form: "design", Default: spec.Says("what all designs share"), Doc: "the design that this one is laid over, with its faults and settings",
				At: spec.At(func(v *variant) **yamltree.Node { return &v.extends })},
			{Key: "load", Kind: spec.Form, Form: "mapping", Inner: t.Load, Doc: "loads that are different here", At: spec.At(func(v *variant) **yamltree.Node { return &v.load })},
			{Key: "services", Kind: spec.Form, Form: "mapping", Inner: t.Service, Doc: "its services", At: spec.At(func(v *variant) **yamltree.Node { return &v.services })},
			{Key: "brokers", Kind: spec.Form, Form: "mapping", Inner: t.Broker, Doc: "its brokers", At: spec.At(func(v *variant) **yamltree.Node { return &v.brokers })},
			{Key: "links", Kind: spec.Form, Form: "links", Inner: t.Link, Doc: "its links", At: spec.At(func(v *variant) **yamltree.Node { return &v.links })},
			{Key: "zones", Kind: spec.Form, Form: "zones", Doc: "zones that are different here", At: spec.At(func(v *variant) **yamltree.Node { return &v.zones })},
			{Key: "faults", Kind: spec.Form, Form: "faults", Inner: t.Fault, Doc: "faults that happen only here, besides the shared ones", At: spec.At(func(v *variant) **yamltree.Node { return &v.faults })},
			{Key: "prices", Kind: spec.Form, Form: "part", Inner: t.Prices, Doc: "prices that are different here", At: spec.At(func(v *variant) **yamltree.Node { return &v.prices })},
			{Key: "set", Kind: spec.Form, Form: "assignments", Doc: "parameters that are different here, when all else is laid together", At: spec.At(func(v *variant) **yamltree.Node { return &v.set })},
		},
	})
}

func documentTable(t *design.Tables) *spec.Table {
	return spec.New(spec.Table{
		Name: "scenario", Doc: "a scenario file",
		Fields: []spec.Field{
			{Key: "version", Kind: spec.Form, Form: "version", Default: spec.Required, Doc: "the version of the language"},
			{Key: "name", Kind: spec.Name, Default: spec.Required, Doc: "the name of the scenario", At: spec.At(func(d *document) *string { return &d.Name })},
			{Key: "title", Kind: spec.Text, Default: spec.Says("its name"), Doc: "one line about it", At: spec.At(func(d *document) *string { return &d.Title })},
			{Key: "description", Kind: spec.Text, Doc: "what it shows", At: spec.At(func(d *document) *string { return &d.Description })},
			{Key: "covers", Kind: spec.Form, Form: "covers", Doc: "the entries of the catalogue that it shows", At: spec.At(func(d *document) *[]string { return &d.Covers })},
			{Key: "run", Kind: spec.Part, Inner: runTable, Default: spec.Required, Doc: "how to run it", At: spec.At(func(d *document) *Settings { return &d.Run })},
			{Key: "load", Kind: spec.Form, Form: "mapping", Inner: t.Load, Doc: "the loads that all designs share", At: spec.At(func(d *document) **yamltree.Node { return &d.load })},
			{Key: "services", Kind: spec.Form, Form: "mapping", Inner: t.Service, Doc: "the services that all designs share", At: spec.At(func(d *document) **yamltree.Node { return &d.services })},
			{Key: "brokers", Kind: spec.Form, Form: "mapping", Inner: t.Broker, Doc: "the brokers that all designs share", At: spec.At(func(d *document) **yamltree.Node { return &d.brokers })},
			{Key: "links", Kind: spec.Form, Form: "links", Inner: t.Link, Doc: "the links that all designs share; `default` stands for those that are not listed, `eu -> us` for those from one zone to another", At: spec.At(func(d *document) **yamltree.Node { return &d.links })},
			{Key: "zones", Kind: spec.Form, Form: "zones", Doc: "what stands together, and fails together where a fault names the zone, but for its loads, which do not fail", At: spec.At(func(d *document) **yamltree.Node { return &d.zones })},
			{Key: "designs", Kind: spec.Form, Form: "mapping", Inner: variantTable(t), Doc: "the designs to compare; without it there is one, of what is shared", At: spec.At(func(d *document) **yamltree.Node { return &d.designs })},
			{Key: "faults", Kind: spec.Form, Form: "faults", Inner: t.Fault, Doc: "what goes wrong; a design is spared what it has not got", At: spec.At(func(d *document) **yamltree.Node { return &d.faults })},
			{Key: "prices", Kind: spec.Form, Form: "part", Inner: t.Prices, Doc: "what instances, messages and bytes cost", At: spec.At(func(d *document) **yamltree.Node { return &d.prices })},
			{Key: "changes", Kind: spec.Form, Form: "changes", Inner: changeTable, Doc: "what was done by hand while it ran, to be done again in every run", At: spec.At(func(d *document) **yamltree.Node { return &d.changes })},
			{Key: "silence", Kind: spec.Form, Form: "silence", Doc: "the warnings that are only counted, by their ids, because what they say is meant", At: spec.At(func(d *document) *[]warning.Kind { return &d.Silence })},
			{Key: "expect", Kind: spec.Form, Form: "expectations", Doc: "what has to be true of the results", At: spec.At(func(d *document) **yamltree.Node { return &d.expect })},
		},
	})
}

var versionForm = form{
	fixed(&kind{name: "version", example: "1", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Const: Version} }}),
	func(r *reader, n *yamltree.Node, e *entry, _ any) bool {
		text, ok := r.text(n, e.kind)
		if ok && text != fmt.Sprint(Version) {
			r.at(n, spell.Textf("write version: %d", Version), "this program reads version %d of the language, not %s", Version, text)
		}
		return ok
	},
}

var coversForm = form{
	fixed(&kind{name: "list of ids", example: "[C1, E7]",
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string", Pattern: "^[A-Z][0-9]+$"}}
		}}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) (ok bool) {
		*e.At(owner).(*[]string), ok = r.covers(n)
		return ok
	},
}

func (r *reader) covers(n *yamltree.Node) (ids []string, ok bool) {
	if n.Shape != yamltree.List {
		r.at(n, "for example [C1, E7]", "expected a list of ids, found %s", n.Shape.Noun())
		return nil, false
	}
	for _, item := range n.Items {
		if !idRegexp().MatchString(item.Text) {
			r.at(item, "a letter and a number, as in the catalogue: C1", "%q is not the id of a catalogue entry", item.Text)
			continue
		}
		ids = append(ids, item.Text)
	}
	return ids, true
}

var expectKind = &kind{name: "list of expectations", example: `["broker: load.shoppers.completed.ratio >= 99.9%"]`,
	doc: "one line each: a design, a metric, a comparison",
	schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
	}}

// forms returns the values with a syntax of their own, by the names that tables use.
func forms() map[string]form {
	return map[string]form{
		"version": versionForm, "covers": coversForm, "warmup": warmupForm, "mapping": mappingForm(nameKind), "part": treeForm((*language).partKind), "links": mappingForm(linkEnds),
		"zones": treeForm(fixed(zonesKind)), "faults": treeForm(faultsKind), "changes": treeForm(changesKind), "expectations": treeForm(fixed(expectKind)), "silence": silenceForm,
		"arrivals": arrivalsForm, "rates": ratesForm, "trace": traceForm, "targets": targetsForm,
		"attributes": attributesForm, "condition": conditionForm, "sets": setsForm,
		"stores": storesForm, "words": wordsForm, "transitions": transitionsForm, "counter": counterForm,
		"back-off": backoffForm, "causes": causesForm, "mechanism": mechanismForm,
		"handlers": handlersForm, "consumers": consumersForm, "steps": stepsForm, "branches": branchesForm, "choices": choicesForm, "nothing": nothingForm, "use": useForm,
		"queues": byNameForm(readQueues), "topics": byNameForm(readTopics), "subscriptions": byNameForm(readSubscriptions),
		"node": nodeForm, "cut": faultForm(cutKind, design.FaultCut, readCut), "partition": faultForm(nodesKind, design.FaultCut, readPartition),
		"design": treeForm(fixed(designKind)), "assignments": treeForm(fixed(assignmentsKind)),
		"settings":   faultForm(settingsKind, design.FaultSet, readSettings),
		"exact time": exactTimeForm, "word": textForm(nameKind), "parameter": textForm(pathKind), "setting": textForm(settingKind), "injection": textForm(injectionKind),
	}
}

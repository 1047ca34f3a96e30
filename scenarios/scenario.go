package scenarios

import (
	"fmt"
	"math"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// Version is the version of the language that this package reads.
const Version = 1

// Scenario is what a scenario file says: designs of one system, how to run
// them, and what is expected.
type Scenario struct {
	Path                     string // as it was given to Load or Parse
	Name, Title, Description string
	Covers                   []string // ids of the catalogue: C1, E7
	Run                      Settings
	Designs                  []*model.Design // in the order of the file; merged, with defaults
	DesignTitles             []string        // one per design; the name where there is no title
	Changes                  []Change        // made by hand in an earlier run, in the order of the file
	Expect                   []Expectation
	DataFiles                []string // that it reads, beside it
	Warnings                 Diagnostics

	source []byte // the text it was read from
}

// Design finds a design by its name; nil if there is none.
func (s *Scenario) Design(name string) *model.Design {
	for _, d := range s.Designs {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// Settings say how the designs are run.
type Settings struct {
	Duration     time.Duration // simulated time, warm-up included; 0: until Completions
	Warmup       time.Duration // cut off from every metric; 0 where WarmupShare is set
	WarmupShare  float64       // of the duration
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

// document is the file as it is written; what designs share is kept as a tree,
// to be merged into each.
type document struct {
	Scenario
	load, services, brokers, links *node
	faults                         *node
	changes                        *node
	designs                        *node
	expect                         *node
}

// variant is a design as it is written.
type variant struct {
	title                                  string
	load, services, brokers, links, faults *node
}

// tree makes a prop that keeps the tree of a part which is read later.
func tree[T any](key string, k *kind, doc string, place func(*T) **node) prop[T] {
	return prop[T]{field: field{key, k, "", doc}, set: func(_ *reader, n *node, out *T) { *place(out) = n }}
}

var linkEnds = &kind{name: "link (`shop -> pay`) or `default`"}

func loadsKind() *kind    { return byName(nameKind, loadObject.asKind()) }
func servicesKind() *kind { return byName(nameKind, serviceObject.asKind()) }
func brokersKind() *kind  { return byName(nameKind, brokerObject.asKind()) }
func linksKind() *kind    { return byName(linkEnds, linkObject.asKind()) }

var faultsKind = &kind{name: "list of faults", example: "[{at: 2min, for: 30s, crash: pay}]", object: faultObject.info,
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: ref(faultObject.info)} }}

var warmupKind = &kind{name: "duration or share", example: "1min", doc: "a time, or a share of the duration",
	schema: func() *jsonschema.Schema { return anyOf(durationKind.schema(), shareKind.schema()) }}

type warmup struct {
	time  time.Duration
	share float64
}

var warmupValue = simple(warmupKind, func(r *reader, n *node, text string) (w warmup, ok bool) {
	if q, err := draw.ParseQuantity(text); err == nil && q.Unit == draw.Ratio {
		w.share, ok = shareValue.read(r, n)
		if ok && w.share >= 1 {
			r.at(n, "for example 10%", "the warm-up takes the whole run")
			ok = false
		}
		return w, ok
	}
	w.time, ok = r.duration(n, 0, text, durationKind, true)
	return w, ok
})

func bigCount(lo float64) value[uint64] {
	v := countValue(lo, 1e15)
	return value[uint64]{v.kind, func(r *reader, n *node) (uint64, bool) {
		c, ok := v.read(r, n)
		return uint64(c), ok
	}}
}

var runObject = newObject("run", "how long and how often the designs are run",
	one("duration", spanValue, "until `completions`", "simulated time, warm-up included", func(s *Settings) *time.Duration { return &s.Duration }),
	with("warmup", warmupValue, "0s", "cut off from every metric", func(s *Settings, w warmup) { s.Warmup, s.WarmupShare = w.time, w.share }),
	one("completions", bigCount(1), "no bound", "the run ends at so many measured completions", func(s *Settings) *uint64 { return &s.Completions }),
	one("seed", bigCount(0), "1", "the same seed gives the same run", func(s *Settings) *uint64 { return &s.Seed }),
	one("replications", countValue(1, 10_000), "1", "runs with different random numbers; with several, a metric is a mean with an interval", func(s *Settings) *int { return &s.Replications }),
	one("max_events", bigCount(1), "no bound", "a budget: a run that needs more events ends there, and says so", func(s *Settings) *uint64 { return &s.MaxEvents }),
)

var variantObject = newObject("design", "one way to build the system: what it changes in, and adds to, what all designs share",
	one("title", textValue, "its name", "one line about it", func(v *variant) *string { return &v.title }),
	tree("load", loadsKind(), "loads that are different here", func(v *variant) **node { return &v.load }),
	tree("services", servicesKind(), "its services", func(v *variant) **node { return &v.services }),
	tree("brokers", brokersKind(), "its brokers", func(v *variant) **node { return &v.brokers }),
	tree("links", linksKind(), "its links", func(v *variant) **node { return &v.links }),
	tree("faults", faultsKind, "faults that happen only here, besides the shared ones", func(v *variant) **node { return &v.faults }),
)

var versionValue = simple(&kind{name: "version", example: "1", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Const: Version} }},
	func(r *reader, n *node, text string) (int, bool) {
		if text != fmt.Sprint(Version) {
			r.at(n, fmt.Sprintf("write version: %d", Version), "this program reads version %d of the language, not %s", Version, text)
		}
		return Version, true
	})

var coversKind = &kind{name: "list of ids", example: "[C1, E7]",
	schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string", Pattern: "^[A-Z][0-9]+$"}}
	}}

var coversValue = value[[]string]{coversKind, func(r *reader, n *node) (ids []string, ok bool) {
	if n.shape != list {
		r.at(n, "for example [C1, E7]", "expected a list of ids, found %s", shapeNames[n.shape])
		return nil, false
	}
	for _, item := range n.items {
		if !idRegexp.MatchString(item.text) {
			r.at(item, "a letter and a number, as in the catalogue: C1", "%q is not the id of a catalogue entry", item.text)
			continue
		}
		ids = append(ids, item.text)
	}
	return ids, true
}}

var expectKind = &kind{name: "list of expectations", example: `["broker: load.shoppers.completed.ratio >= 99.9%"]`,
	doc: "one line each: a design, a metric, a comparison",
	schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
	}}

var documentObject = newObject("scenario", "a scenario file",
	with("version", versionValue, required, "the version of the language", func(*document, int) {}),
	one("name", nameValue, required, "the name of the scenario", func(d *document) *string { return &d.Name }),
	one("title", textValue, "its name", "one line about it", func(d *document) *string { return &d.Title }),
	one("description", textValue, "", "what it shows", func(d *document) *string { return &d.Description }),
	one("covers", coversValue, "", "the entries of the catalogue that it shows", func(d *document) *[]string { return &d.Covers }),
	one("run", runObject.asValue(func(*reader) Settings { return Settings{Seed: 1, Replications: 1} }), required, "how to run it", func(d *document) *Settings { return &d.Run }),
	tree("load", loadsKind(), "the loads that all designs share", func(d *document) **node { return &d.load }),
	tree("services", servicesKind(), "the services that all designs share", func(d *document) **node { return &d.services }),
	tree("brokers", brokersKind(), "the brokers that all designs share", func(d *document) **node { return &d.brokers }),
	tree("links", linksKind(), "the links that all designs share; `default` stands for those that are not listed", func(d *document) **node { return &d.links }),
	tree("designs", byName(nameKind, variantObject.asKind()), "the designs to compare; without it there is one, of what is shared", func(d *document) **node { return &d.designs }),
	tree("faults", faultsKind, "what goes wrong; a design is spared what it has not got", func(d *document) **node { return &d.faults }),
	tree("changes", changesKind, "what was done by hand while it ran, to be done again in every run", func(d *document) **node { return &d.changes }),
	tree("expect", expectKind, "what has to be true of the results", func(d *document) **node { return &d.expect }),
)

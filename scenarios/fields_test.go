package scenarios

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
)

// The tests here hold that a field that is declared in a table is the same
// wherever it is seen, and that nothing is seen that is in no table.

// tables are all tables of the language with keys.
func tables(l *language) []*spec.Table {
	var all []*spec.Table
	for t := range l.objects {
		if slices.ContainsFunc(t.Fields, func(f spec.Field) bool { return f.Key != "" }) {
			all = append(all, t)
		}
	}
	return all
}

// rows are the tables of a reference page: by heading, then key, the cells.
func rows(page string) map[string]map[string][]string {
	all := map[string]map[string][]string{}
	heading := ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if h, ok := strings.CutPrefix(line, "### "); ok {
			heading = strings.Trim(h, "`")
			all[heading] = map[string][]string{}
		} else if strings.HasPrefix(line, "## ") {
			heading = ""
		}
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), " | ")
		if heading == "" || len(cells) != 4 || strings.HasPrefix(line, "| key") {
			continue
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.Trim(cells[i], "| "), "\x00", "|")
		}
		all[heading][strings.Trim(cells[0], "`")] = cells[1:]
	}
	return all
}

// limits is the range of a count or a number as people read it.
func limits(f *spec.Field) string {
	if f.Kind == spec.Count || f.Kind == spec.Number {
		return rangeOf(f.Min, f.Max)
	}
	return ""
}

func TestFieldsInReference(t *testing.T) {
	l := core()
	page := l.reference()
	sections := rows(page["keys"] + page["steps"])
	known := map[string]bool{}
	for _, table := range tables(l) {
		heading := strings.TrimSuffix(table.Name, " step")
		known[heading] = true
		section := sections[heading]
		keys := 0
		for i := range table.Fields {
			f := &table.Fields[i]
			if f.Key == "" {
				continue
			}
			keys++
			cells := section[f.Key]
			if cells == nil {
				t.Errorf("LANGUAGE.md has no %s.%s", heading, f.Key)
				continue
			}
			def, _ := f.Says()
			if f.Default.Required {
				def = "**required**"
			}
			if strings.Trim(cells[1], "`") != strings.Trim(def, "`") {
				t.Errorf("%s.%s: the default is %q, want %q", heading, f.Key, cells[1], def)
			}
			if cells[2] != f.Doc {
				t.Errorf("%s.%s: documented as %q, want %q", heading, f.Key, cells[2], f.Doc)
			}
			for _, part := range append(wordsOf(f), append(f.Words, limits(f))...) {
				if !strings.Contains(cells[0], part) {
					t.Errorf("%s.%s: %q does not have %q", heading, f.Key, cells[0], part)
				}
			}
		}
		if len(section) != keys {
			t.Errorf("%s has %d rows for %d keys", heading, len(section), keys)
		}
	}
	for heading, section := range sections {
		if len(section) > 0 && !known[heading] {
			t.Errorf("%s is in no table", heading)
		}
	}
}

func TestFieldsInSchema(t *testing.T) {
	type property struct {
		Description string
		Minimum     *float64
		Maximum     *float64
		AnyOf       []property
	}
	type definition struct {
		Properties map[string]property
		Required   []string
	}
	var root struct {
		definition
		Defs map[string]definition `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	var least func(p property) *property
	least = func(p property) *property {
		if p.Maximum != nil {
			return &p
		}
		for _, q := range p.AnyOf {
			if found := least(q); found != nil {
				return found
			}
		}
		return nil
	}
	root.Defs["scenario"] = root.definition
	for _, table := range tables(core()) {
		def := root.Defs[strings.ReplaceAll(table.Name, " ", "_")]
		keys := 0
		for i := range table.Fields {
			f := &table.Fields[i]
			if f.Key == "" {
				continue
			}
			keys++
			p, ok := def.Properties[f.Key]
			want := f.Doc
			if text, _ := f.Says(); text != "" && !f.Default.Required {
				want += " (default: " + text + ")"
			}
			if !ok || p.Description != want {
				t.Errorf("%s.%s is described as %q, want %q", table.Name, f.Key, p.Description, want)
			}
			if f.Kind == spec.Count || f.Kind == spec.Number {
				if q := least(p); q == nil || *q.Minimum != f.Min || *q.Maximum != f.Max {
					t.Errorf("%s.%s has another range: %+v", table.Name, f.Key, q)
				}
			}
			if f.Default.Required != slices.Contains(def.Required, f.Key) && !table.Shared {
				t.Errorf("%s.%s: required differs", table.Name, f.Key)
			}
		}
		if len(def.Properties) != keys {
			t.Errorf("%s has %d properties for %d keys", table.Name, len(def.Properties), keys)
		}
		delete(root.Defs, strings.ReplaceAll(table.Name, " ", "_"))
	}
	for name, def := range root.Defs {
		if len(def.Properties) > 0 {
			t.Errorf("%s is in no table", name)
		}
	}
}

// described is what a parameter and its field have in common.
func described(name, doc, label string, lo, hi float64, live bool) string {
	return fmt.Sprint(name, "|", doc, "|", label, "|", lo, "|", hi, "|", live)
}

func TestFieldsAreParameters(t *testing.T) {
	s, err := Parse(os.DirFS("testdata"), "every-field.yaml", must(os.ReadFile("testdata/every-field.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	d := s.Designs[0]
	found := map[string]string{}
	for _, p := range design.Params(d) {
		if p.Kind == design.ParamMean {
			continue
		}
		name := p.Path[strings.LastIndexByte(p.Path, '.')+1:]
		found[described(name, p.Doc, p.Label, p.Min, p.Max, p.Live)] = p.Path
		found[described(spec.Self, p.Doc, p.Label, p.Min, p.Max, p.Live)] = p.Path
	}
	fields := 0
	fresh := fresh(d)
	design.Core.Visit(func(of *spec.Table, f *spec.Field) {
		name, ok := f.Param()
		if !ok || !f.Kind.Numeric() {
			return
		}
		fields++
		path := found[described(name, f.Doc, f.Label, f.Min, f.Max, f.Live)]
		if path == "" {
			t.Errorf("%s.%s is no parameter", of.Name, f.Key)
			return
		}
		if text, _ := f.Says(); f.Default.Given && !f.Default.Required {
			if got, err := fresh.Get(path); err == nil && got != text {
				t.Errorf("%s is %s where nothing is said, the table says %s", path, got, text)
			}
		}
	})
	docs := map[string]bool{}
	design.Core.Visit(func(_ *spec.Table, f *spec.Field) { docs[f.Doc] = f.Kind.Numeric() })
	for key, path := range found {
		if doc := strings.Split(key, "|")[1]; !docs[doc] {
			t.Errorf("%s is in no table: %q", path, doc)
		}
	}
	if fields < 50 {
		t.Errorf("only %d fields", fields)
	}
}

// fresh is a design with the same elements, of which nothing is said.
func fresh(d *design.Design) *design.Design {
	c := d.Clone()
	for i := range c.Loads {
		l := &c.Loads[i]
		a := design.Arrivals{Kind: l.Arrivals.Kind}
		*l = design.Load{Name: l.Name, To: l.To, Arrivals: a, Users: l.Users}
	}
	for i := range c.Services {
		s := &c.Services[i]
		*s = design.Service{Name: s.Name, Handlers: s.Handlers}
	}
	for i := range c.Brokers {
		c.Brokers[i].Capacity = design.Capacity{Workers: c.Brokers[i].Capacity.Workers}
		for j := range c.Brokers[i].Queues {
			q := &c.Brokers[i].Queues[j]
			*q = design.Queue{Name: q.Name}
		}
	}
	c.Default = design.LinkParams{}
	for i := range c.Links {
		c.Links[i].LinkParams = design.LinkParams{}
	}
	for i := range c.Faults {
		f := &c.Faults[i]
		*f = design.Fault{Name: f.Name, Kind: f.Kind, Node: f.Node}
	}
	return c
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A language is made from the tables that it is given: a key that another table
// brings is read, explained and in the schema, with no other edit.
func TestLanguageOfOtherTables(t *testing.T) {
	tables := design.Core
	queue := *tables.Service
	var shards int
	queue.Fields = append(slices.Clone(queue.Fields), spec.Field{Key: "shards", Kind: spec.Count, Min: 1, Max: 64, Default: spec.Of(4), Doc: "parts of the service",
		At: spec.At(func(*design.Service) *int { return &shards })})
	tables.Service = spec.New(queue)
	l := newLanguage(&tables, nil)
	for _, page := range []string{l.reference()["keys"], l.schema()} {
		if !strings.Contains(page, "parts of the service") {
			t.Error("the key is not explained")
		}
	}
	read := func(text string) *reader {
		r := &reader{Report: yamltree.New("", text, format), lang: l}
		n := parseTree(r.Report, []byte(text))
		readService(r, &yamltree.Node{Text: "a"}, n)
		return r
	}
	if r := read("shards: 7"); len(r.Mistakes) > 0 || shards != 7 {
		t.Errorf("read %d, %v", shards, r.Mistakes)
	}
	if r := read("shards: 65"); len(r.Mistakes) != 1 || !strings.Contains(r.Mistakes[0].Msg, "not between 1 and 64") {
		t.Errorf("%v", r.Mistakes)
	}
	if r := read("shard: 7"); len(r.Mistakes) != 1 || !strings.Contains(r.Mistakes[0].Hint, "shards") {
		t.Errorf("%v", r.Mistakes)
	}
}

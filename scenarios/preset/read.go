package preset

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"asynclab/scenarios/yamltree"
)

//go:embed files
var embedded embed.FS

// All lists the products by name. The files are read at the first call.
func All() []*Product { return all() }

var all = sync.OnceValue(func() (products []*Product) {
	entries, err := fs.ReadDir(embedded, "files")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	for _, e := range entries {
		name := "files/" + e.Name()
		data, err := embedded.ReadFile(name)
		if err != nil {
			panic(err) // as above
		}
		p, err := Read(e.Name(), data)
		if err != nil {
			panic(err) // a test reads every file
		}
		products = append(products, p)
	}
	slices.SortFunc(products, func(a, b *Product) int { return cmp.Compare(a.Name, b.Name) })
	return products
})

// format is the subset of YAML that preset files use.
var format = &yamltree.Language{
	Size: 1 << 20, Marks: "\n,:[]{}-?", Parts: 100_000, Nesting: 16, Calls: true, Never: "\u0085\u2028\u2029\ufeff",
	Key: func(key string) string { return key }, Shared: "write it out",
}

// Read reads the file of one product; name is that of the file. It reports all mistakes
// together, as yamltree.Diagnostics.
func Read(name string, data []byte) (*Product, error) {
	r := &reader{Report: yamltree.New(name, string(data), format), pages: map[string]string{}}
	p := &Product{}
	if !r.Plain(data) {
		return nil, r.Err()
	}
	if root := r.Parse(data, yamltree.Pos{Line: 1, Col: 1}, "the file"); root != nil {
		r.product(root, p)
	}
	return p, r.Err()
}

// reader reads one file.
type reader struct {
	*yamltree.Report
	of    *Product
	pages map[string]string // by the short names that values use
}

// keys visits the keys of a mapping, each by its function; other keys are mistakes.
func (r *reader) keys(n *yamltree.Node, read map[string]func(*yamltree.Node)) {
	if n.Shape != yamltree.Mapping {
		r.At(n, "", "expected a mapping, found %s", n.Shape)
		return
	}
	for _, p := range n.Pairs {
		if f := read[p.Key.Text]; f != nil {
			f(p.Val)
			continue
		}
		var known []string
		for k := range read {
			known = append(known, k)
		}
		slices.Sort(known)
		r.Unknown(p.Key, p.Key.Text, "keys here", known, "unknown key %q", p.Key.Text)
	}
}

func (r *reader) text(to *string) func(*yamltree.Node) {
	return func(n *yamltree.Node) {
		if n.Shape != yamltree.Scalar || n.Text == "" {
			r.At(n, "", "expected a text, found %s", n.Shape)
		}
		*to = strings.TrimSpace(n.Text)
	}
}

func (r *reader) texts(to *[]string) func(*yamltree.Node) {
	return func(n *yamltree.Node) {
		if n.Shape != yamltree.List {
			r.At(n, "", "expected a list, found %s", n.Shape)
		}
		for _, item := range n.Items {
			*to = append(*to, item.Text)
		}
	}
}

func (r *reader) list(of func(n *yamltree.Node)) func(*yamltree.Node) {
	return func(n *yamltree.Node) {
		if n.Shape != yamltree.List {
			r.At(n, "", "expected a list, found %s", n.Shape)
		}
		for _, item := range n.Items {
			of(item)
		}
	}
}

func (r *reader) product(n *yamltree.Node, p *Product) {
	r.of = p
	r.keys(n, map[string]func(*yamltree.Node){
		"preset": r.text(&p.Name), "title": r.text(&p.Title), "about": r.text(&p.About), "read": r.text(&p.Read), "versions": r.texts(&p.Versions),
		"pages": func(n *yamltree.Node) {
			for _, pair := range n.Pairs {
				var url string
				r.text(&url)(pair.Val)
				r.pages[pair.Key.Text] = url
			}
		},
		"parts": func(n *yamltree.Node) {
			for _, pair := range n.Pairs {
				p.Parts = append(p.Parts, r.part(pair.Key.Text, pair.Val))
			}
		},
	})
	if p.Name+".yaml" != r.File || p.Title == "" || p.Read == "" || len(p.Parts) == 0 {
		r.At(n, "", "a preset file has a preset (as the file is named), a title, read (the month in which the pages were read) and parts")
	}
	for _, part := range p.Parts {
		if part.Beside != "" && p.Part(part.Beside) == nil {
			r.At(n, "", "part %s is beside %s, which is no part", part.Name, part.Beside)
		}
		for _, name := range part.With {
			if other := p.Part(name); other == nil || len(other.With) > 0 {
				r.At(n, "", "part %s is with %s, which is no part, or is with others itself", part.Name, name)
			}
		}
	}
}

func (r *reader) part(name string, n *yamltree.Node) *Part {
	p := &Part{Of: r.of, Name: name}
	r.keys(n, map[string]func(*yamltree.Node){
		"title": r.text(&p.Title), "fits": r.texts(&p.Fits), "with": r.texts(&p.With), "beside": r.text(&p.Beside),
		"needs": func(n *yamltree.Node) {
			for _, pair := range n.Pairs {
				need := Need{Key: pair.Key.Text}
				r.text(&need.Says)(pair.Val)
				p.Needs = append(p.Needs, need)
			}
		},
		"values": r.list(func(n *yamltree.Node) { p.Values = append(p.Values, r.value(n)) }),
		"beyond": r.list(func(n *yamltree.Node) { p.Beyond = append(p.Beyond, r.fact(n, nil)) }),
	})
	if p.Title == "" || len(p.Fits) == 0 {
		r.At(n, "", "a part has a title, and what it fits")
	}
	return p
}

func (r *reader) value(n *yamltree.Node) (v Value) {
	v.Fact = r.fact(n, map[string]func(*yamltree.Node){
		"key":   r.text(&v.Key),
		"value": func(val *yamltree.Node) { v.Setting, v.Text = val, val.Inline() },
	})
	if v.Key == "" || v.Setting == nil {
		r.At(n, "", "a value has a key and a value")
		v.Setting = &yamltree.Node{}
	}
	return v
}

// fact reads what every entry has; more are its other keys.
func (r *reader) fact(n *yamltree.Node, more map[string]func(*yamltree.Node)) (f Fact) {
	page := ""
	read := map[string]func(*yamltree.Node){"says": r.text(&f.Says), "versions": r.texts(&f.Versions), "source": r.text(&page), "assumed": r.text(&f.Assumed)}
	for k, v := range more {
		read[k] = v
	}
	r.keys(n, read)
	if page != "" {
		if f.Source = r.pages[page]; f.Source == "" {
			r.At(n, "", "there is no page %q", page)
		}
	}
	if (page == "") == (f.Assumed == "") || f.Says == "" {
		r.At(n, "", "it says what it means, and has a source, or why it is assumed")
	}
	for _, v := range f.Versions {
		if !slices.Contains(r.of.Versions, v) {
			r.At(n, "", "%s has no version %s", r.of.Name, v)
		}
	}
	return f
}

// String is the fact with where it is from.
func (f Fact) String() string {
	if f.Assumed != "" {
		return fmt.Sprintf("%s (assumed: %s)", f.Says, f.Assumed)
	}
	return f.Says + " (" + f.Source + ")"
}

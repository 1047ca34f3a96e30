package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"asynclab/sim/golden"
)

func view() View {
	return View{
		Designs: []Picture{{"chain", "<svg><title>chain</title></svg>"}},
		Courses: []Picture{{"Throughput", "<svg><title>over time</title></svg>"}},
		Command: "asynclab run order-flow --report x.html",
		Source:  "version: 1\nname: \"a <b>\"\n",
	}
}

func TestPage(t *testing.T) {
	var b bytes.Buffer
	if err := sample().HTML(&b, view()); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/one.html", b.Bytes())
	b.Reset()
	if err := (&Comparison{Comparison: shopPair(t), Title: "a <shop>"}).HTML(&b, view()); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/compare.html", b.Bytes())
}

// Whatever a scenario is called, a page has the same elements, each of them closed, and
// reaches nothing outside.
func TestPageOfAnything(t *testing.T) {
	nasty := `</title></pre><script src="https://example.org/x.js">alert(1)</script><img src=x onerror=y>`
	plain, hostile := sample(), sample()
	hostile.Title, hostile.Summary, hostile.Scenario = nasty, nasty, nasty
	hostile.About = map[string]string{"chain": nasty, "broker": nasty}
	hostile.Expectations[0].Expect = nasty
	hostile.Designs[0].Name = nasty
	v := view()
	v.Source, v.Command = nasty, nasty
	v.Designs[0].Title = nasty
	count := func(r *Report, v View) map[string]int {
		var b bytes.Buffer
		if err := r.HTML(&b, v); err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(b.String(), "</head>")
		body = strings.TrimSuffix(strings.TrimSpace(body), "</html>")
		out := map[string]int{}
		for d := xml.NewDecoder(strings.NewReader(body)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return out
			}
			if err != nil {
				t.Fatalf("an element is open: %v", err)
			}
			if e, ok := token.(xml.StartElement); ok {
				out[e.Name.Local]++
				for _, a := range e.Attr {
					if a.Name.Local == "src" || a.Name.Local == "href" || strings.HasPrefix(a.Name.Local, "on") {
						t.Errorf("%s has %s=%q", e.Name.Local, a.Name.Local, a.Value)
					}
				}
			}
		}
	}
	a, b := count(plain, view()), count(hostile, v)
	for _, tag := range []string{"script", "img", "h1", "section", "table", "pre", "svg", "details", "li"} {
		if a[tag] != b[tag] {
			t.Errorf("%d of %s, and %d with such names", a[tag], tag, b[tag])
		}
	}
	if a["section"] != 7 || a["svg"] != 2 {
		t.Errorf("a page has %v", a)
	}
}

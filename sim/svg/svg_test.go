package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestNum(t *testing.T) {
	for v, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", -0.001: "0", 1: "1", 1.005: "1", 2.346: "2.35", -3.5: "-3.5", 1e6: "1000000"} {
		if got := Num(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

// Whatever names a scenario has, the image is XML and says them.
func TestImage(t *testing.T) {
	var b bytes.Buffer
	p := Open(&b, Document{Class: "al", W: 99.2, H: 50, Title: `a < "b" & c`, CSS: ".al{}\n", Background: true})
	p.Text("name", "middle", 1, 2.125, "</text>\x00")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Width string `xml:"width,attr"`
		Title string `xml:"title"`
		Text  string `xml:"text"`
		Rect  struct {
			Width string `xml:"width,attr"`
		} `xml:"rect"`
	}
	if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	if doc.Width != "100" || doc.Rect.Width != "100" || doc.Title != `a < "b" & c` || doc.Text != "</text>\uFFFD" {
		t.Errorf("%+v", doc)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestCloseTellsErrors(t *testing.T) {
	p := Open(full{}, Document{})
	p.Put("%s", strings.Repeat(" ", 100_000))
	if err := p.Close(); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

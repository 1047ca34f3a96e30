package bench

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// A flat picture leaves the height it does not need to a high one, and a narrow one
// its width: in two equal halves the second would have a zoom of 0.61 and 0.44 here.
func TestPicturesShareTheRoom(t *testing.T) {
	test.NewTempApp(t)
	flat, high, narrow := &topology.Layout{W: 700, H: 100}, &topology.Layout{W: 700, H: 250}, &topology.Layout{W: 400, H: 500}
	wide := &topology.Layout{W: 800, H: 500}
	for _, c := range []struct {
		name   string
		scenes []*topology.Layout
		size   fyne.Size
		want   []fyne.Size
		zoom   float32
	}{
		{"one", []*topology.Layout{flat}, fyne.NewSize(700, 376), []fyne.Size{{Width: 700, Height: 376}}, 1},
		{"flat and high", []*topology.Layout{flat, high}, fyne.NewSize(700, 376), []fyne.Size{{Width: 700, Height: 123}, {Width: 700, Height: 253}}, 0.869},
		{"two alike", []*topology.Layout{high, high}, fyne.NewSize(700, 572), []fyne.Size{{Width: 700, Height: 286}, {Width: 700, Height: 286}}, 1},
		{"room to spare", []*topology.Layout{flat, high}, fyne.NewSize(700, 522), []fyne.Size{{Width: 700, Height: 186}, {Width: 700, Height: 336}}, 1},
		{"narrow and wide", []*topology.Layout{narrow, wide}, fyne.NewSize(700, 376), []fyne.Size{{Width: 233, Height: 376}, {Width: 467, Height: 376}}, 0.583},
		{"three in two rows", []*topology.Layout{high, high, flat}, fyne.NewSize(1400, 422), []fyne.Size{{Width: 700, Height: 286}, {Width: 700, Height: 286}, {Width: 700, Height: 136}}, 1},
	} {
		p := picturesLayout{}
		var objects []fyne.CanvasObject
		for _, l := range c.scenes {
			p.scenes = append(p.scenes, control.Scene{Layout: l})
			objects = append(objects, canvas.NewRectangle(nil))
		}
		p.Layout(objects, c.size)
		zoom := float32(100)
		for i, o := range objects {
			got := o.Size()
			if d := got.Subtract(c.want[i]); max(d.Width, -d.Width, d.Height, -d.Height) > 1 {
				t.Errorf("%s: picture %d has %v, want %v", c.name, i, got, c.want[i])
			}
			if end := o.Position().AddXY(got.Width, got.Height); end.X > c.size.Width+1 || end.Y > c.size.Height+1 {
				t.Errorf("%s: picture %d ends at %v, outside %v", c.name, i, end, c.size)
			}
			l := c.scenes[i]
			zoom = min(zoom, got.Width/float32(l.W), (got.Height-pictureHead)/float32(l.H))
		}
		if zoom < c.zoom-0.002 || zoom > c.zoom+0.002 {
			t.Errorf("%s: the smallest picture has a zoom of %.3f, want %.3f", c.name, zoom, c.zoom)
		}
	}
}

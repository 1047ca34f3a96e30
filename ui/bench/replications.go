package bench

import (
	"bytes"
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim"
	"asynclab/sim/report"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// replications is the number of runs of each design for the table with
// intervals.
const replications = 10

// trial is several replications of the designs on the bench, with the changes
// made by hand and other random draws each time. It outlives the panel that shows it.
type trial struct {
	cancel  context.CancelFunc
	Share   float64     // completed share
	Result  *sim.Result // nil while it runs
	changes string      // the changes included
}

// trialBar is the line below the table: it starts a trial, shows its progress,
// and switches back to the run on the bench.
type trialBar struct {
	b       *Bench
	changed func() // called when the table must be filled again

	begin, cancel, back *window.Button
	progress            *widget.ProgressBar
	said                *widget.Label
	running, done       fyne.CanvasObject
	content             *fyne.Container
}

func newTrialBar(b *Bench, changed func()) *trialBar {
	t := &trialBar{b: b, changed: changed, progress: widget.NewProgressBar(), said: widget.NewLabel("")}
	t.said.Wrapping, t.said.SizeName = fyne.TextWrapWord, theme.SizeNameCaptionText
	t.begin = window.NewButton(theme.MediaReplayIcon(), locale.T("replications.help"), t.start)
	t.begin.Text = locale.T("replications.start", replications)
	t.cancel = window.NewButton(theme.CancelIcon(), locale.T("replications.stop"), t.stop)
	t.back = window.NewButton(theme.NavigateBackIcon(), locale.T("replications.back"), t.stop)
	t.back.Text = locale.T("replications.this-run")
	page := window.NewButton(theme.DocumentSaveIcon(), locale.T("replications.page"), b.savePage)
	b.Named["replicate-page"] = page
	b.Named["replicate"], b.Named["replicate-stop"], b.Named["replicate-back"] = t.begin, t.cancel, t.back
	t.running, t.done = container.NewBorder(nil, nil, nil, t.cancel, t.progress), container.NewBorder(nil, nil, nil, container.NewHBox(page, t.back), t.said)
	t.content = container.NewVBox(t.begin)
	t.show()
	return t
}

// start runs the trial, outside the window's goroutine.
func (t *trialBar) start() {
	ctx, cancel := context.WithCancel(context.Background())
	b, now := t.b, &trial{cancel: cancel, changes: fmt.Sprint(t.b.Board.Changes)}
	b.dropTrial()
	b.Trial = now
	then := func(do func()) {
		fyne.Do(func() {
			if b.Trial == now { // it has not been dropped
				do()
				b.Table.fill()
			}
		})
	}
	b.Controller.Replicate(ctx, replications,
		func(p sim.Progress) { then(func() { now.Share = p.Share }) },
		func(r *sim.Result, err error) {
			then(func() {
				if r != nil {
					r.Scenario, r.Currency = b.Scenario.Name, b.Scenario.Currency()
				}
				if now.Result = r; err != nil || r.Interrupted {
					b.dropTrial()
				}
				b.host.Fail(locale.T("error.replications"), err)
			})
		})
	t.changed()
}

func (t *trialBar) stop() {
	t.b.dropTrial()
	t.changed()
}

// savePage writes the trial as a page to print or to send: numbers with their intervals,
// expectations, and the designs as they are on the screen.
func (b *Bench) savePage() {
	if b.Trial == nil || b.Trial.Result == nil {
		return
	}
	r := report.Report{Result: b.Trial.Result, Title: b.Title(), Summary: b.Scenario.Description, About: map[string]string{}, InTurn: map[string]bool{}}
	v := report.View{Source: b.Scenario.Source()}
	for i := range b.Scenes {
		scene := &b.Scenes[i]
		if title := b.designTitle(scene); title != scene.Design {
			r.About[scene.Design] = title
		}
		r.InTurn[scene.Design] = sim.InTurn(b.Scenario.Designs[b.Designs[i]])
		var drawn bytes.Buffer
		if err := b.Stages[i].SVG(&drawn); err != nil {
			b.host.Fail(locale.T("error.replications"), err)
			return
		}
		v.Designs = append(v.Designs, report.Picture{Title: scene.Design, SVG: drawn.String()})
	}
	b.host.SaveAs(locale.T("replications.page"), b.Scenario.Name+".html", func(string) ([]byte, error) {
		var page bytes.Buffer
		err := r.HTML(&page, v)
		return page.Bytes(), err
	}, nil)
}

// dropTrial cancels a running trial, and discards a finished one.
func (b *Bench) dropTrial() {
	if b.Trial != nil {
		b.Trial.cancel()
		b.Trial = nil
	}
}

// show updates the bar.
func (t *trialBar) show() {
	now := t.b.Trial
	switch {
	case now == nil:
		t.set(t.begin)
	case now.Result == nil:
		t.progress.SetValue(now.Share)
		t.set(t.running)
	default:
		text := locale.T("replications.result", now.Result.Replications)
		if now.changes != fmt.Sprint(t.b.Board.Changes) {
			text = locale.T("replications.changed-since") + " " + text
		}
		if text != t.said.Text {
			t.said.SetText(text)
		}
		t.set(t.done)
	}
}

func (t *trialBar) set(o fyne.CanvasObject) {
	if t.content.Objects[0] != o {
		t.content.Objects[0] = o
		t.content.Refresh()
	}
}

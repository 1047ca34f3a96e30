package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"asynclab/assets"
	"asynclab/ui/locale"
)

type learnPlace struct{ s *Shell }

func newLearn(s *Shell) *learnPlace { return &learnPlace{s} }

func (p *learnPlace) id() string               { return "learn" }
func (p *learnPlace) title() string            { return locale.T("Learn") }
func (p *learnPlace) icon() fyne.Resource      { return assets.Icon("learn") }
func (p *learnPlace) build() fyne.CanvasObject { return container.NewStack() }
func (p *learnPlace) enter()                   {}
func (p *learnPlace) leave()                   {}
func (p *learnPlace) bench() *bench            { return nil }
func (p *learnPlace) close()                   {}

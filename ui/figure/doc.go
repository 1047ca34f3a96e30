// Package figure shows charts in the window, and knows which plots the lab
// offers.
//
//	control.Board ── Plot.Figure ──► chart.Figure ── Figure.Set ──► one worker ──► spare image
//	                                                                                  │ fyne.Do
//	pointer ──► cross-hair, readout (objects above, no redraw)      raster ◄── swap ──┘
//
// Nothing is drawn on the window's goroutine. All figures share one worker,
// which has a goroutine only while there is work: only the latest content of a
// figure is drawn, at most ten times a second, alternately into two images. A
// figure that was never painted is never drawn.
//
// # How to choose
//
// Which plots there are is declared in package metric; what a plot shows beyond
// the curves of its metrics is decided in [Plots], by pure functions: tested
// without a window, and used by the Lab (one lane) and by Compare (several, a
// colour each) alike. Package chart draws the figures. The widget only shows
// them, handles the pointer, and calls back.
package figure

package engine

import "asynclab/sim/metric"

// Signs lists the metrics of the design's elements that the picture shows.
func (p *Program) Signs() []metric.Ref {
	meters := p.signMeters()
	all := make([]metric.Ref, len(meters))
	for i := range meters {
		all[i] = meters[i].Ref
	}
	return all
}

func (p *Program) signMeters() (all []meter) {
	for _, m := range p.meters() {
		if m.Sign.Says != "" {
			all = append(all, m)
		}
	}
	return all
}

// readSigns reads the present values of what Signs lists.
func (r *Run) readSigns(s *Snapshot) {
	if r.signsOnce == nil {
		r.signsOnce = r.prog.signMeters()
	}
	s.Signs = sized(s.Signs, len(r.signsOnce))
	for i := range r.signsOnce {
		if m := &r.signsOnce[i]; m.Shape() == metric.Level {
			s.Signs[i] = r.rec.LevelValue(m.l)
		} else {
			s.Signs[i] = int64(m.count(metric.Plain, r.rec.Total, 1))
		}
	}
}

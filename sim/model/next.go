package model

// Next is when the next event happens, or the next change by hand; ok is false
// when nothing more does before the end of the run. What was cancelled and is
// due is dropped on the way, which is no event.
func (r *Run) Next() (t int64, ok bool) {
	if r.end != Running {
		return 0, false
	}
	for {
		ev, there := r.list.First()
		if !there || ev.Time() >= r.nextChange() {
			t = r.nextChange()
			break
		}
		if ev.Kind() <= evNeverCancelled || r.Live(&ev) {
			t = ev.Time()
			break
		}
		r.list.Pop()
		r.list.Skipped()
	}
	return t, t < r.until
}

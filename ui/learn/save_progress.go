package learn

import (
	"sync"

	"asynclab/lessons"
)

// saver saves progress outside the window's goroutine: it saves a copy, and
// only the newest of several.
type saver struct {
	store  *lessons.Store
	failed func(error) // called when saving fails; again only after a save has succeeded in between
	mu     sync.Mutex
	next   *lessons.Progress
	busy   bool
	idle   sync.WaitGroup
	err    error // of the last save
}

func (v *saver) save(p *lessons.Progress) {
	if v.store == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.next = p.Clone()
	if v.busy {
		return
	}
	v.busy = true
	v.idle.Add(1)
	go v.work()
}

func (v *saver) work() {
	defer v.idle.Done()
	for {
		v.mu.Lock()
		p := v.next
		v.next = nil
		if p == nil {
			v.busy = false
			v.mu.Unlock()
			return
		}
		v.mu.Unlock()
		err := v.store.Save(p)
		if err != nil && v.err == nil {
			v.failed(err)
		}
		v.err = err
	}
}

func (v *saver) Flush() { v.idle.Wait() }

package lessons

import "sync"

// Saver saves progress in a goroutine of its own: a copy, and of several only the
// newest. What was given to it is on disk once the save under way and its own have
// ended. Without a Store it saves nothing.
type Saver struct {
	Store *Store
	Saved func(*Progress, error) // called after each save, in that goroutine; may be nil

	mu   sync.Mutex
	next *Progress
	busy bool
	idle sync.WaitGroup
}

// Save saves a copy of p soon.
func (v *Saver) Save(p *Progress) {
	if v.Store == nil {
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

func (v *Saver) work() {
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
		err := v.Store.Save(p)
		if v.Saved != nil {
			v.Saved(p, err)
		}
	}
}

// Flush waits until all is saved.
func (v *Saver) Flush() { v.idle.Wait() }

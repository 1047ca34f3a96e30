//go:build unix

package main

import "math/rand/v2"

// byHand are bench/* as one would write them for exactly these models and
// nothing else: a heap of small values, a switch, the latencies summed up.
var byHand = map[string]func(h *hand, n int){
	"bench/mm1":         (*hand).mm1,
	"bench/sync-chain":  (*hand).chain,
	"bench/broker-flow": (*hand).flow,
}

// hand is the state of such a run. Times are in the unit of the model.
type hand struct {
	heap   []due // four children to a node
	seq    uint64
	now    float64
	random *rand.Rand
	born   []float64 // by slot of a request or message
	slots  []uint32  // not in use
	sum    float64   // of latencies
	done   int
}

// due is a pending event; what is the sequence, 32 bits, and the argument.
type due struct {
	at   float64
	what uint64
}

func (d due) before(o due) bool { return d.at < o.at || d.at == o.at && d.what < o.what }

func (h *hand) in(after float64, arg uint32) {
	h.seq++
	e := due{h.now + after, h.seq<<32 | uint64(arg)}
	h.heap = append(h.heap, e)
	i := len(h.heap) - 1
	for i > 0 && e.before(h.heap[(i-1)/4]) {
		h.heap[i] = h.heap[(i-1)/4]
		i = (i - 1) / 4
	}
	h.heap[i] = e
}

// next takes the earliest event, moves the time there and returns its argument.
func (h *hand) next() uint32 {
	n := len(h.heap) - 1
	first, e := h.heap[0], h.heap[n]
	h.heap = h.heap[:n]
	i := 0
	for c := 1; c < n; c = 4*i + 1 {
		least := c
		for k := c + 1; k < min(c+4, n); k++ {
			if h.heap[k].before(h.heap[least]) {
				least = k
			}
		}
		if !h.heap[least].before(e) {
			break
		}
		h.heap[i] = h.heap[least]
		i = least
	}
	if n > 0 {
		h.heap[i] = e
	}
	h.now = first.at
	return uint32(first.what)
}

func (h *hand) exp(mean float64) float64 { return h.random.ExpFloat64() * mean }

func (h *hand) begin() uint32 {
	if len(h.slots) == 0 {
		h.slots = append(h.slots, uint32(len(h.born)))
		h.born = append(h.born, 0)
	}
	slot := h.slots[len(h.slots)-1]
	h.slots = h.slots[:len(h.slots)-1]
	h.born[slot] = h.now
	return slot
}

func (h *hand) end(slot uint32) {
	h.sum += h.now - h.born[slot]
	h.done++
	h.slots = append(h.slots, slot)
}

// station has workers and a line before them: a ring that doubles when it is full.
type station struct {
	idle    int
	mean    float64
	ring    []uint32
	head, n int
}

func (s *station) wait(slot uint32) {
	if s.n == len(s.ring) {
		longer := make([]uint32, max(64, 2*s.n))
		for i := range s.n {
			longer[i] = s.ring[(s.head+i)%s.n]
		}
		s.ring, s.head = longer, 0
	}
	s.ring[(s.head+s.n)&(len(s.ring)-1)] = slot
	s.n++
}

// serve gives waiting ones to idle workers; at the end of work is event kind.
func (h *hand) serve(s *station, kind uint32) {
	for s.idle > 0 && s.n > 0 {
		s.idle--
		h.in(h.exp(s.mean), s.ring[s.head]<<4|kind)
		s.head = (s.head + 1) & (len(s.ring) - 1)
		s.n--
	}
}

// mm1 runs n customers through one worker: Poisson 0.8/s, work exp(1 s).
func (h *hand) mm1(n int) {
	const arrival, worked = 0, 1
	s := station{idle: 1, mean: 1}
	h.in(h.exp(1/0.8), arrival)
	for h.done < n {
		switch arg := h.next(); arg & 15 {
		case arrival:
			h.in(h.exp(1/0.8), arrival)
			s.wait(h.begin())
		case worked:
			h.end(arg >> 4)
			s.idle++
		}
		h.serve(&s, worked)
	}
}

// three are the stations of the other two models, in milliseconds.
func three() [3]station {
	return [3]station{{idle: 64, mean: 2}, {idle: 64, mean: 5}, {idle: 32, mean: 10}}
}

// chain runs n requests through three services, each of which keeps its worker
// while it calls the next one, 1 ms away: 200/s.
func (h *hand) chain(n int) {
	const arrival, worked, called, answered = 0, 1, 4, 7 // and the service, 0 to 2
	s := three()
	h.in(h.exp(5), arrival)
	for h.done < n {
		arg := h.next()
		slot, kind := arg>>4, arg&15
		at := kind
		switch {
		case kind == arrival:
			h.in(h.exp(5), arrival)
			s[0].wait(h.begin())
		case kind < called:
			if at = kind - worked; at < 2 {
				h.in(1, slot<<4|called+at+1)
				continue
			}
			h.in(1, slot<<4|answered+1)
			s[2].idle++
		case kind < answered:
			at = kind - called
			s[at].wait(slot)
		default:
			if at = kind - answered; at > 0 {
				h.in(1, slot<<4|answered+at-1)
			} else {
				h.end(slot)
			}
			s[at].idle++
		}
		h.serve(&s[at], worked+at)
	}
}

// flow runs n messages through three queues, each 1 ms away, whose consumers have
// one message at a time; one delivery in a hundred fails and waits again: 200/s.
func (h *hand) flow(n int) {
	const arrival, worked, delivered = 0, 1, 4 // and the queue, 0 to 2
	s := three()
	h.in(h.exp(5), arrival)
	for h.done < n {
		arg := h.next()
		slot, kind := arg>>4, arg&15
		at := kind
		switch {
		case kind == arrival:
			h.in(h.exp(5), arrival)
			h.in(1, h.begin()<<4|delivered)
			continue
		case kind < delivered:
			at = kind - worked
			s[at].idle++
			switch {
			case h.random.Float64() < 0.01:
				s[at].wait(slot)
			case at < 2:
				h.in(1, slot<<4|delivered+at+1)
			default:
				h.end(slot)
			}
		default:
			at = kind - delivered
			s[at].wait(slot)
		}
		h.serve(&s[at], worked+at)
	}
}

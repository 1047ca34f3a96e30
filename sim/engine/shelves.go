package engine

// What happens to a connection or a broker happens to the copies that consumers hold
// or that wait for redelivery. As with the tasks of instances (presence.go), a run
// begins to list them when it first needs to know. A copy in such a list is in no
// line, so that the lists use the links of the line.

// shelf is the list that a copy belongs to that is held or delayed.
func (r *Run) shelf(c *copyRec) *int32 {
	if c.state == copyDelayed {
		return &nth(r.queues, c.queue).late
	}
	return &nth(r.consumers, c.consumer).held
}

// shelve adds a copy that was handed over, or is delayed, to its list.
func (r *Run) shelve(k int32) {
	c := r.copies.at(k)
	head := r.shelf(c)
	if c.prev, c.next = none, *head; c.next != none {
		r.copies.at(c.next).prev = k
	}
	*head = k
}

func (r *Run) unshelve(k int32) {
	c := r.copies.at(k)
	if c.prev == none {
		*r.shelf(c) = c.next
	} else {
		r.copies.at(c.prev).next = c.next
	}
	if c.next != none {
		r.copies.at(c.next).prev = c.prev
	}
	c.prev, c.next = none, none
}

// listCopies begins the lists.
func (r *Run) listCopies() {
	if r.shelved {
		return
	}
	r.shelved = true
	for k := range r.copies.items {
		if c := &r.copies.items[k]; c.id != 0 && (c.state == copyDelivered || c.state == copyDelayed) {
			r.shelve(int32(k))
		}
	}
}

// along appends a list of copies, or the line of a queue, to another.
func (r *Run) along(all []int32, head int32) []int32 {
	for k := head; k != none; k = r.copies.at(k).next {
		all = append(all, k)
	}
	return all
}

// heldOn lists the copies that the consumers of connections hold.
func (r *Run) heldOn(conns []int32) (all []int32) {
	r.listCopies()
	for _, c := range conns {
		r.eachConsumer(c, func(ci int32) { all = r.along(all, r.consumers[ci].held) })
	}
	return all
}

// copiesAt lists the copies of a broker: in line, delayed, held and set aside.
func (r *Run) copiesAt(b int32) (all []int32) {
	all = r.heldOn(r.connsOfBroker(b))
	r.eachQueue(b, func(qi int32) {
		all = r.allAside(r.allBehind(r.along(r.along(all, r.queues[qi].head), r.queues[qi].late), qi), qi)
	})
	return all
}

// oldest is the oldest copy that waits in a queue, of one without keys the one that has
// been delayed for longest; none if there is none. The first time that it is asked for
// the queue begins to keep them by their places.
func (r *Run) oldest(qi int32) int32 {
	d := nth(r.queues, qi)
	if d.elders == none {
		r.listCopies()
		all := r.along(nil, d.late)
		if nth(r.prog.queues, qi).key != 0 {
			all = r.allBehind(r.along(all, d.head), qi)
		}
		d.elders = int32(len(r.places))
		r.places = append(r.places, places{})
		for _, k := range all {
			r.places[d.elders].insert(r.copies.at(k).place, k)
		}
	}
	return r.places[d.elders].first()
}

// byPlace compares copies by the order of publication.
func (r *Run) byPlace(a, b int32) int {
	x, y := r.copies.at(a).place, r.copies.at(b).place
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

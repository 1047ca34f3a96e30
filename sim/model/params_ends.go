package model

// Questions about a design that both the registry and the checks ask.

// eachEnd calls f with every name that can be the end of a connection.
func (d *Design) eachEnd(f func(name string)) {
	for i := range d.Loads {
		f(d.Loads[i].Name)
	}
	for i := range d.Services {
		f(d.Services[i].Name)
	}
	for i := range d.Brokers {
		f(d.Brokers[i].Name)
	}
}

func (d *Design) hasEnd(name string) bool {
	found := false
	d.eachEnd(func(n string) { found = found || n == name })
	return found
}

// linkParams is what applies to messages from one node to another: the declared
// connection, or its declared way back, or the default.
func (d *Design) linkParams(from, to string) *LinkParams {
	var back *LinkParams
	for i := range d.Links {
		switch l := &d.Links[i]; {
		case l.From == from && l.To == to:
			return &l.LinkParams
		case l.From == to && l.To == from && back == nil:
			back = &l.LinkParams
		}
	}
	if back != nil {
		return back
	}
	return &d.Default
}

// madeSubscriptions names the subscriptions of a topic that exist only because
// a service consumes them, in the order of declaration.
func (d *Design) madeSubscriptions(broker string, t *Topic) []string {
	var names []string
	known := map[string]bool{}
	for i := range t.Subscriptions {
		known[t.Subscriptions[i].Name] = true
	}
	for i := range d.Services {
		s := &d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			if k.From.Node != broker || k.From.Entry != t.Name {
				continue
			}
			name := k.Subscription
			if name == "" {
				name = s.Name
			}
			if !known[name] {
				known[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

package engine

import (
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

// hired is a service that nothing scales when it has other instances than before.
type hired struct {
	at      int64
	service int32
	more    int32 // instances
}

// hire notes that a service that nothing scales has another instance, or one less: they
// cost their hours.
func (r *Run) hire(si, n int32) { r.hires = append(r.hires, hired{r.now, si, n}) }

// bill is what there is to be paid for in a part of a run.
type bill struct {
	count func(measure.Counter) float64 // what was counted in it
	hours func(service int) float64     // of the instances of a service
}

// measuredBill is that of the measured window.
func (r *Run) measuredBill() bill {
	rec := r.kept()
	return bill{func(c measure.Counter) float64 { return float64(int64(rec.Happened(c))) }, r.instanceHours}
}

// costsT is what the elements of a design cost; nil without a price list. The run knows
// nothing of it: costs are computed from what was counted.
type costsT struct {
	currency string
	hour     []float64 // of an instance, by service
	million  []float64 // operations, by broker
	gb       []float64 // a billion bytes, by link
}

// costTables takes the prices over, those of elements before those of the list.
func (c *compiler) costTables() {
	p := &c.d.Prices
	if p.Currency == "" {
		return
	}
	own := func(has bool, price, listed float64) float64 {
		if has {
			return price
		}
		return listed
	}
	t := &costsT{currency: p.Currency}
	for i := range c.d.Services {
		s := &c.d.Services[i]
		t.hour = append(t.hour, own(s.HasPrice, s.Price, p.InstanceHour))
	}
	for i := range c.d.Brokers {
		b := &c.d.Brokers[i]
		t.million = append(t.million, own(b.HasPrice, b.Price, p.BrokerMillion))
	}
	for i := range c.links {
		l := c.d.LinkBetween(c.links[i].from, c.links[i].to)
		t.gb = append(t.gb, own(l.HasPrice, l.Price, p.GB))
	}
	c.costs = t
}

// Currency is that of the design's prices; "" without a price list.
func (p *Program) Currency() string {
	if p.costs == nil {
		return ""
	}
	return p.costs.currency
}

// instanceHours are the hours of all instances of a service, up or down, in the
// measured window; of one that is scaled, of those that were not away.
func (r *Run) instanceHours(service int) float64 {
	if p := r.scaling(int32(service)); p != nil {
		return r.kept().LevelIntegral(p.m.l+mech.PaidLevel) / 3600
	}
	from, to := r.kept().Window()
	return r.hoursOf(service, from, to)
}

// hoursOf are those of a service that nothing scales, between two moments.
func (r *Run) hoursOf(service int, from, to int64) float64 {
	time := int64(max(1, r.prog.design.Services[service].Instances)) * (to - from)
	for _, h := range r.hires {
		if int(h.service) == service {
			time += int64(h.more) * max(0, to-max(h.at, from))
		}
	}
	return float64(time) / 1e9 / 3600
}

// brokerOperations counts what clients ask of a broker: messages published, deliveries, and acknowledgements that settle one. What the
// broker moves by itself, as dead letters, is none, nor is a message of a partition that
// its member tries again in its place. Where a queue has consumers of
// both modes, those that acknowledge by being handed over are counted too.
func (r *Run) brokerOperations(broker int, in bill) float64 {
	b := &r.prog.brokers[broker]
	n := 0.0
	for i, span := range b.queues {
		for q := span.from; q < span.to; q++ {
			count := func(m ...measure.Counter) (sum float64) {
				for _, c := range m {
					sum += in.count(r.prog.queues[q].m.c + c)
				}
				return sum
			}
			switch {
			case i == 0: // the queues; of a topic, every message has come to a subscription or was filtered
				n += count(metric.QueuePublished)
			case q == span.from:
				n += count(metric.QueuePublished, metric.QueueFiltered)
			}
			switch q := &r.prog.queues[q]; {
			case q.part > 0:
				continue // its group has counted
			case q.gid > 0: // a member tries again by itself, without asking the broker
				n += count(metric.QueueDelivered, metric.QueueAcked) - count(metric.QueueNacked)
				continue
			default:
				n += count(metric.QueueDelivered, metric.QueueNacked) - count(metric.QueueDeadLettered, metric.QueueRedriven) // which the broker does by itself
			}
			if r.prog.queues[q].settled {
				n += count(metric.QueueAcked)
			}
		}
	}
	r.prog.eachFetching(func(t *fetchT, i int) {
		if u := &r.prog.consumes[i]; t.pull && int(r.prog.queues[u.queue].broker) == broker { // an answer is one operation, whatever it brings
			n += in.count(t.m.c+metric.ConsumerPulls) - in.count(t.m.c+metric.ConsumerPulled)
		}
	})
	return n
}

// sent is what the bytes cost that a node has sent. Of them the recorder holds what is
// more than the default size.
func (r *Run) sent(node int32, in bill) (money float64) {
	for _, i := range r.prog.names.byEnds[0][node] {
		l := &r.prog.links[i]
		bytes := in.count(l.m.c+metric.LinkBytes) + float64(in.count(l.m.c+metric.LinkSent)*float64(defaultSize))
		money += float64(bytes / 1e9 * r.prog.costs.gb[i])
	}
	return money
}

// cost is the money that a service, a broker or the run has cost.
func (r *Run) cost(m *meter, in bill) float64 {
	p, t := r.prog, r.prog.costs
	service := func(i int) float64 { return float64(in.hours(i)*t.hour[i]) + r.sent(p.services[i].node, in) }
	broker := func(i int) float64 {
		return float64(r.brokerOperations(i, in)/1e6*t.million[i]) + r.sent(p.brokers[i].node, in)
	}
	switch m.Key {
	case metric.ServiceCost:
		return service(m.index)
	case metric.BrokerCost:
		return broker(m.index)
	}
	sum := 0.0
	for i := range p.services {
		sum += service(i)
	}
	for i := range p.brokers {
		sum += broker(i)
	}
	return sum
}

// costSeries is what an hour costs, over time.
func (r *Run) costSeries(m *meter) measure.Series {
	rec := r.kept()
	counts := map[measure.Counter][]float64{}
	paid := map[int][]float64{}
	all := rec.CountSeries(0, false)
	for i := range all.Values {
		from, to := rec.Interval(i)
		all.Values[i] = r.cost(m, bill{func(c measure.Counter) float64 {
			if counts[c] == nil {
				counts[c] = rec.CountSeries(c, false).Values
			}
			return counts[c][i]
		}, func(service int) float64 {
			p := r.scaling(int32(service))
			if p == nil {
				return r.hoursOf(service, from, to)
			}
			if paid[service] == nil {
				paid[service] = rec.LevelSeries(p.m.l+mech.PaidLevel, measure.StatMean).Values
			}
			return float64(paid[service][i]*float64(to-from)) / 1e9 / 3600
		}}) / (float64(to-from) / 1e9 / 3600)
	}
	return all
}

// priced leaves out the costs of a design without prices.
func (p *Program) priced(m *meter) bool { return p.costs != nil || !m.Priced }

package engine

import (
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

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
	d := &r.services[service]
	began := float64(max(1, r.prog.design.Services[service].Instances))
	return (float64((began+float64(d.hired))*r.measured()) - float64(d.more)/1e9) / 3600
}

// brokerOperations counts what clients ask of a broker in the measured window:
// messages published, deliveries, and acknowledgements that settle one. What the
// broker moves by itself, as dead letters, is none, nor is a message of a partition that
// its member tries again in its place. Where a queue has consumers of
// both modes, those that acknowledge by being handed over are counted too.
func (r *Run) brokerOperations(broker int) float64 {
	b := &r.prog.brokers[broker]
	n := 0.0
	for i, span := range b.queues {
		for q := span.from; q < span.to; q++ {
			count := func(m ...measure.Counter) (sum float64) {
				for _, c := range m {
					sum += float64(r.kept().Happened(r.prog.queues[q].m.c + c))
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
			n += float64(r.kept().Happened(t.m.c+metric.ConsumerPulls)) - float64(r.kept().Happened(t.m.c+metric.ConsumerPulled))
		}
	})
	return n
}

// sent is what the bytes cost that a node has sent.
func (r *Run) sent(node int32) (money float64) {
	for _, i := range r.prog.names.byEnds[0][node] {
		l, rec := &r.prog.links[i], r.kept()
		more := int64(rec.Happened(l.m.c + metric.LinkBytes)) // than the default size; as two's complement
		bytes := more + int64(rec.Happened(l.m.c+metric.LinkSent))*int64(defaultSize)
		money += float64(float64(bytes) / 1e9 * r.prog.costs.gb[i])
	}
	return money
}

// cost is the money that a service, a broker or the run has cost.
func (r *Run) cost(m *meter) float64 {
	p, t := r.prog, r.prog.costs
	service := func(i int) float64 { return float64(r.instanceHours(i)*t.hour[i]) + r.sent(p.services[i].node) }
	broker := func(i int) float64 {
		return float64(r.brokerOperations(i)/1e6*t.million[i]) + r.sent(p.brokers[i].node)
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

// priced leaves out the costs of a design without prices.
func (p *Program) priced(m *meter) bool { return p.costs != nil || !m.Priced }

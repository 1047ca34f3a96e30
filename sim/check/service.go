package check

import (
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

func (c *checker) service(s *design.Service, path string) {
	switch {
	case s.WorkersEach() == 0:
		c.warn(path+".workers", warning.NoWorkers)
	case s.HasRoom && s.Room == design.Unlimited && s.Workers != design.Unlimited:
		c.warn(path+".queue", warning.UnboundedRoom)
	case s.HasRoom && s.Room == 0 && s.Discipline == design.Sharing:
		c.warn(path+".queue", warning.NeverLetIn)
	}
	c.by(path+".key", s.Key)
	switch keyed := s.Balance != nil && s.Balance.Keyed; {
	case keyed && s.Key == "":
		c.fail(path+".key", "write key: and the name of an attribute", "balance: %s needs a key", s.Balance.Word)
	case !keyed && s.Key != "":
		c.fail(path+".key", "add balance: sticky, or leave the key out", "only balance: sticky and balance: hash read the key")
	}
	c.inTurn(s, path)
	c.stores(s, path)
	for j := range s.Handlers {
		h := &s.Handlers[j]
		t := design.Target{Node: s.Name, Entry: h.Name}
		c.steps(h.Steps, &stepContext{path: path + ".on." + design.Named(h.Name, j), target: t, info: c.handlers[t], depth: 1})
	}
	seen := map[string]bool{}
	for j := range s.Consumes {
		c.consume(s, &s.Consumes[j], path, seen)
	}
	c.order(s, path)
}

func (c *checker) consume(s *design.Service, k *design.Consume, path string, seen map[string]bool) {
	p := path + ".consumes." + k.Label()
	if seen[k.Label()] {
		c.fail(p, "keep one, or give each a subscription of its own", "%s is consumed twice by the same service", k.Label())
		c.broken = true
	}
	seen[k.Label()] = true
	switch kind, ok := c.ends[k.From.Node]; {
	case !ok:
		c.fail(p, c.didYouMean(k.From.Node, c.names(kindBroker), "brokers"), "there is no broker %s", design.Quoted(k.From.Node))
		c.broken = true
	case kind != kindBroker:
		c.fail(p, "a service is called, not consumed: only queues and topics are", "%s is a %s", k.From.Node, spell.Noun(elementNouns[kind]))
		c.broken = true
	case c.queues[k.From] == nil && c.topics[k.From] == nil:
		c.entryMissing(p, k.From)
	case c.queues[k.From] != nil && k.Subscription != "":
		c.fail(p, "leave the subscription out, or consume a topic", "%s is a queue, which has no subscriptions", k.From)
	}
	if k.Subscription != "" {
		c.name(p, k.Subscription, "subscription")
	}
	h := c.handlers[design.Target{Node: s.Name, Entry: k.Handler}]
	c.requeues(s, k, h, p)
	c.holdsLost(s, k, p)
	c.member(s, k, p)
	c.fetches(s, k, p)
	if k.Ack == design.Automatic && k.Prefetch == 0 && !k.Stopped {
		c.warn(p+".prefetch", warning.UnboundedBuffer)
	}
	if h == nil {
		c.fail(p, c.didYouMean(k.Handler, c.entries(s.Name), spell.Textf("handlers of %s", s.Name)), "%s has no handler %s", s.Name, design.Quoted(k.Handler))
		c.broken = true
	}
}

// queueOf is the queue, or the subscription of a topic, that is consumed; nil if
// there is none.
func (c *checker) queueOf(s *design.Service, k *design.Consume) *design.Queue {
	t := c.topics[k.From]
	if t == nil {
		return c.queues[k.From]
	}
	if i := slices.IndexFunc(t.Subscriptions, func(q design.Queue) bool { return q.Name == k.SubscriptionOf(s.Name) }); i >= 0 {
		return &t.Subscriptions[i]
	}
	return &t.Template
}

// holdsLost warns of a consumer that keeps its place for what was lost: where
// nothing is sent again, or nobody notices that the other side has gone, and no
// visibility timeout brings it back.
func (c *checker) holdsLost(s *design.Service, k *design.Consume, path string) {
	b, q := c.brokerOf(s.Name, k.From.Node), c.queueOf(s, k)
	if b == nil || q == nil || q.Visible > 0 || k.Ack == design.Automatic || c.topics[k.From] != nil && c.topics[k.From].Partitions > 0 {
		return
	}
	for _, way := range [][2]string{{k.From.Node, s.Name}, {s.Name, k.From.Node}} {
		p := c.linkParams(way[0], way[1])
		silent := p.Down > 0 || c.cuts(way[0], way[1]) || c.hostCrash(s.Name)
		why := c.lossOn(way[0], way[1])
		if silent = silent && b.Heartbeat == design.None; silent {
			unseen := warning.NobodyNotices.With(way[0]+"->"+way[1], b.Name)
			why = &unseen
		}
		if why != nil && (silent || p.Resend(true) == 0) {
			c.warn(path, warning.HeldWhenLost, *why)
			return
		}
	}
}

// cuts reports whether a fault cuts a link.
func (c *checker) cuts(from, to string) bool {
	return slices.ContainsFunc(c.d.Faults, func(f design.Fault) bool { return f.Kind == design.FaultCut && f.Cuts(from, to) })
}

func (c *checker) hostCrash(node string) bool {
	return slices.ContainsFunc(c.d.Faults, func(f design.Fault) bool { return f.Kind == design.FaultHostCrash && f.Strikes(node) })
}

// requeues warns of a handler that returns every message to a queue which
// redelivers it after 100 µs, without a limit of deliveries.
func (c *checker) requeues(s *design.Service, k *design.Consume, h *handlerInfo, path string) {
	q := c.queueOf(s, k)
	if q == nil || h == nil || k.Ack == design.Automatic || q.MaxDeliveries > 0 || !q.RedeliveryDelay.Base.IsZero() {
		return
	}
	for i := range h.handler.Steps {
		switch st := &h.handler.Steps[i]; {
		case !st.When.IsZero():
		case st.Op == design.Nack && st.Requeue, st.Op == design.Fail && st.FailProb() == 1:
			c.warn(path, warning.ReturnsForEver, k.From)
			return
		case st.Ends() || st.Op == design.AckNow:
			return
		}
	}
}

// totals bounds the users, instances and consumers that the engine keeps a state for.
func (c *checker) totals() {
	users := 0
	for i := range c.d.Loads {
		l := &c.d.Loads[i]
		if users += min(max(0, l.Users), design.MaxUsers); users > design.MaxUsers {
			c.at(kindLoad, i)
			c.fail("load."+design.Named(l.Name, i)+".users", "fewer users will do", "the most users over all loads is %d", design.MaxUsers)
			break
		}
	}
	places := 0
	for i := range c.d.Services {
		s := &c.d.Services[i]
		if places += min(s.Slots(), design.MaxInstances); places > design.MaxPlaces {
			c.at(kindService, i)
			c.fail("service."+design.Named(s.Name, i), "fewer instances or services will do", "the most instances over all services is %d", design.MaxPlaces)
			break
		}
	}
	consumers := 0
	for i := range c.d.Services {
		s := &c.d.Services[i]
		for j := range s.Consumes {
			k := &s.Consumes[j]
			each := k.Consumers
			if each == 0 {
				each = s.ConsumersEach()
			}
			consumers += min(max(0, each), design.MaxConsumers+1) * min(s.Slots(), design.MaxInstances)
			if consumers > design.MaxConsumers {
				c.at(kindService, i)
				c.fail("service."+design.Named(s.Name, i)+".consumes."+k.Label()+".consumers",
					"fewer instances, workers or consumers will do", "the most consumers over all queues is %d", design.MaxConsumers)
				return
			}
		}
	}
}

// stepContext is the position of a list of steps in the design.
type stepContext struct {
	path   string
	target design.Target // the handler
	info   *handlerInfo
	depth  int
	loops  int      // repeats around
	held   []string // stores whose locks the handler holds here
}

func (at stepContext) in(label string) *stepContext {
	if label != "" {
		at.path += "." + label
	}
	at.depth++
	return &at
}

func (c *checker) steps(list []design.Step, at *stepContext) {
	if at.depth > design.MaxStepDepth {
		c.fail(at.path, "make a handler of its own of the inner steps", "steps are nested more than %d deep", design.MaxStepDepth)
		c.broken = true
		return
	}
	c.saga(list, at.path)
	var places design.StepPlaces
	ended := ""
	for i := range list {
		s := &list[i]
		here := *at
		here.path = at.path + "." + places.Next(s.Op)
		if ended != "" {
			c.warn(here.path, warning.NeverHappens, ended)
			return
		}
		c.step(s, &here)
		switch s.Op {
		case design.LockRow:
			at.held = append(slices.Clip(at.held), s.Store)
		case design.Unlock:
			at.held = slices.DeleteFunc(slices.Clone(at.held), func(held string) bool { return held == s.Store })
		}
		if s.Ends() {
			ended = s.Op.String()
		}
	}
}

func (c *checker) step(s *design.Step, at *stepContext) {
	c.condition(at.path+".when", &s.When, at.stores())
	c.stepTimes(s, at)
	switch s.Op {
	case design.Work, design.Delay, design.Fail, design.Stop:
	case design.Reply:
		c.sets(at, s.Sets)
	case design.Read, design.Set, design.Count, design.Forget, design.LockRow, design.Unlock:
		c.storeStep(s, at)
	case design.AckNow, design.Nack:
		c.acknowledges(s, at)
	case design.Call, design.Await, design.Send, design.Publish:
		c.stepTarget(s, at.path)
		c.sets(at, s.Sets)
		c.kept(s, at.path)
		if s.Op == design.Publish {
			c.post(&s.Post, append([]design.Target{s.To}, s.Uses.Targets()...), s.Confirm, at.path)
			c.gathers(at.path, s.To, &s.Gather)
		}
		c.waits(s, at)
		if s.Op != design.Send {
			c.retry(&s.Retry, s.To, at.path+".retry")
		}
	case design.Parallel:
		c.parallel(s, at.path)
	case design.Choose:
		c.choose(s, at.path, at.stores())
	case design.Repeat:
		c.repeat(s, at)
	default:
		c.fail(at.path, "", "unknown step %d", s.Op)
		c.broken = true
		return
	}
	if s.Op == design.Parallel || s.Op == design.Choose || s.Op == design.Repeat {
		inner := *at
		if s.Op == design.Repeat {
			inner.loops++
		}
		for i := range s.Branches {
			c.steps(s.Branches[i], inner.in(design.BranchLabel(i, len(s.Branches))))
		}
	}
	if s.Harmless && !s.HasElse {
		c.warn(at.path, warning.NoElse)
	}
	if s.HasElse {
		c.steps(s.Else, at.in("else"))
	}
}

// waits warns of a step that could wait without end, and of one whose message may be
// lost and that waits for no answer.
func (c *checker) waits(s *design.Step, at *stepContext) {
	if s.Op == design.Send || s.Op == design.Publish && (!s.Confirm || c.unasked(s.To.Node)) {
		why := c.lossOn(at.target.Node, s.To.Node)
		if isBroker := c.ends[s.To.Node] == kindBroker; why == nil && isBroker == (s.Op == design.Publish) {
			why = c.outage(at.target.Node, s.To.Node)
		}
		if why != nil {
			c.warn(at.path, warning.LostUnseen, *why)
		}
		return
	}
	if s.Timeout != design.None {
		return
	}
	if why := c.hazard(at.target.Node, s.To.Node); why != nil {
		c.warn(at.path+".timeout", warning.StepWaits, *why)
	}
}

func (c *checker) acknowledges(s *design.Step, at *stepContext) {
	switch {
	case at.info == nil || at.info.manual:
	case at.info.auto:
		c.warn(at.path, warning.AlreadyForgotten)
	default:
		c.warn(at.path, warning.NotConsuming, at.target)
	}
}

func (c *checker) parallel(s *design.Step, path string) {
	n := len(s.Branches)
	switch {
	case n == 0:
		c.fail(path, "give it branches, or remove it", "parallel has no branches")
	case n > design.MaxBranches:
		c.fail(path, "copies of one branch may be more", "parallel has %d branches, the most is %d", n, design.MaxBranches)
	case s.Times > 1 && n != 1:
		c.fail(path+".times", "keep one branch, or leave the copies out", "only a single branch can be copied, there are %d", n)
	case s.Need > s.BranchCount():
		c.fail(path+".need", "need at most as many as there are", "needs %d branches, but has %d", s.Need, s.BranchCount())
	}
}

func (c *checker) choose(s *design.Step, path string, stores []design.Store) {
	switch n := len(s.Branches); {
	case n == 0:
		c.fail(path, "give it branches, or remove it", "choose has no branches")
	case n > design.MaxBranches:
		c.fail(path, "let one of the branches choose again", "choose has %d branches, the most is %d", n, design.MaxBranches)
	}
	decided := len(s.Branches)
	if s.Rest {
		decided--
	}
	if n := len(s.Weights) + len(s.Whens); decided != n || len(s.Weights) > 0 && len(s.Whens) > 0 {
		c.fail(path, "give each branch a probability, or each a condition", "%d branches have %d probabilities and %d conditions", decided, len(s.Weights), len(s.Whens))
		c.broken = true
		return
	}
	for i := range s.Whens {
		at := path
		if label := design.BranchLabel(i, len(s.Branches)); label != "" {
			at += "." + label
		}
		c.condition(at+".when", &s.Whens[i], stores)
	}
	sum := 0.0
	for _, w := range s.Weights {
		sum += w
	}
	if sum > 1+1e-9 {
		c.fail(path, "what is left below 100% does nothing", "the probabilities add up to %.6g%%, more than 100%%", sum*100)
	}
}

func (c *checker) repeat(s *design.Step, at *stepContext) {
	c.condition(at.path+".while", &s.While, at.stores())
	if len(s.Branches) != 1 || len(s.Branches[0]) == 0 {
		c.fail(at.path, "give it the steps that are to be repeated", "repeat has no steps")
		c.broken = c.broken || len(s.Branches) != 1
	}
	if at.loops >= design.MaxLoops {
		c.fail(at.path, "make a handler of its own of the inner steps", "repeat is nested more than %d deep", design.MaxLoops)
	}
}

// stepTarget checks the target of a step, and that the step can send to it.
func (c *checker) stepTarget(s *design.Step, path string) {
	if !c.target(path, s.To, s.Op.String()) {
		return
	}
	isService := c.ends[s.To.Node] == kindService
	switch {
	case !isService && (s.Op == design.Call || s.Op == design.Await):
		c.fail(path, "publish to a broker; to wait for its confirmation, let the publish confirm",
			"%s is a queue or topic: a broker does not answer", s.To)
	case isService && s.Op == design.Publish:
		c.fail(path, "call a service to wait for its answer, send to not wait", "%s is a service: only queues and topics are published to", s.To)
	case s.Op == design.Send && c.topics[s.To] != nil:
		c.fail(path, "publish to a topic", "%s is a topic", s.To)
	}
}

// target checks that a target exists and can be sent to.
func (c *checker) target(path string, t design.Target, what string) bool {
	kind, ok := c.ends[t.Node]
	switch {
	case t.Node == "" && t.Entry == "":
		c.fail(path, "write service/handler, or broker/queue", "%s has no target", what)
	case !ok:
		c.nodeMissing(path, t.Node)
	case kind == kindLoad:
		c.fail(path, "name a service and its handler, or a broker and its queue", "%s is a load, which receives nothing", t.Node)
	case kind == kindService && c.handlers[t] == nil:
		c.fail(path, c.didYouMean(t.Entry, c.entries(t.Node), spell.Textf("handlers of %s", t.Node)), "%s has no handler %s", t.Node, design.Quoted(t.Entry))
	case kind == kindBroker && c.queues[t] == nil && c.topics[t] == nil:
		c.entryMissing(path, t)
	default:
		return true
	}
	c.broken = true
	return false
}

func (c *checker) nodeMissing(path, name string) {
	var known []string
	if c.hinted() {
		known = append(c.names(kindService), c.names(kindBroker)...)
	}
	c.fail(path, c.didYouMean(name, known, "services and brokers"), "there is no service or broker %s", design.Quoted(name))
}

func (c *checker) entryMissing(path string, t design.Target) {
	if topic, sub, ok := strings.Cut(t.Entry, "/"); ok && c.topics[design.Target{Node: t.Node, Entry: topic}] != nil {
		c.fail(path, spell.Textf("name the topic; %s goes into the subscription of the consumer", design.Quoted(sub)), "%s is a subscription", t)
	} else {
		c.fail(path, c.didYouMean(t.Entry, c.entries(t.Node), spell.Textf("queues and topics of %s", t.Node)), "%s has no queue or topic %s", t.Node, design.Quoted(t.Entry))
	}
	c.broken = true
}

// names lists the elements of a kind.
func (c *checker) names(kind elementKind) []string {
	return slices.DeleteFunc(c.d.Ends(), func(name string) bool { return c.ends[name] != kind })
}

// entries lists the handlers of a service, or the queues and topics of a broker.
func (c *checker) entries(node string) []string {
	var all []string
	for i := range c.d.Services {
		if s := &c.d.Services[i]; s.Name == node {
			for j := range s.Handlers {
				all = append(all, s.Handlers[j].Name)
			}
		}
	}
	for i := range c.d.Brokers {
		if b := &c.d.Brokers[i]; b.Name == node {
			for j := range b.Queues {
				all = append(all, b.Queues[j].Name)
			}
			for j := range b.Topics {
				all = append(all, b.Topics[j].Name)
			}
		}
	}
	return all
}

package scenarios

import (
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
)

// foreign lists file formats of other programs, recognised by their top-level keys.
// For such a file, one message about the format replaces a list of missing keys.
var foreign = []struct {
	what string
	hint string
	is   func(root *yamltree.Node) bool
}{
	{"a Docker Compose file", "its services are a good list to begin with: asynclab new makes a scenario, where each gets its workers, its handlers and what they call; an image says nothing about time",
		func(root *yamltree.Node) bool {
			return anyService(root, "image", "build", "container_name", "depends_on", "entrypoint") || has(root, "services") && (has(root, "networks") || has(root, "volumes")) && !has(root, "run")
		}},
	{"an AsyncAPI document", "its channels become queues and topics of a broker, its operations publish and consumes: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool { return has(root, "asyncapi") }},
	{"an OpenAPI document", "its operations become handlers of a service: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool { return has(root, "openapi") || has(root, "swagger") }},
	{"a service graph of isotope", "a script is a handler here: call stays call, sleep is delay; asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool {
			s := root.Get("services")
			return s != nil && s.Shape == yamltree.List && slices.ContainsFunc(s.Items, func(n *yamltree.Node) bool { return has(n, "name") })
		}},
	{"an architecture of MiSim", "its microservices become services, their operations handlers: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool { return has(root, "microservices") }},
	{"a Kubernetes object", "its deployments become services: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool { return has(root, "apiVersion") && has(root, "kind") }},
	{"a trace of Zipkin, not a scenario", "its spans say how long the work of a handler takes: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool {
			return slices.ContainsFunc(root.Items, func(n *yamltree.Node) bool { return has(n, "traceId") && has(n, "id") })
		}},
	{"a trace of Jaeger or OpenTelemetry, not a scenario", "its spans say how long the work of a handler takes: asynclab new makes a scenario to start from",
		func(root *yamltree.Node) bool {
			return has(root, "resourceSpans") || slices.ContainsFunc(items(root.Get("data")), func(n *yamltree.Node) bool { return has(n, "traceID") })
		}},
}

func has(n *yamltree.Node, key string) bool { return n.Get(key) != nil }

// items returns the items of a list; nil for any other node.
func items(n *yamltree.Node) []*yamltree.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// anyService tells whether one of the services has one of these keys.
func anyService(root *yamltree.Node, keys ...string) bool {
	s := root.Get("services")
	return s != nil && slices.ContainsFunc(s.Pairs, func(p yamltree.Pair) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return has(p.Val, key) })
	})
}

// foreignFile reports a file in a format of another program; false if it is none.
func (r *reader) foreignFile(root *yamltree.Node) bool {
	for _, f := range foreign {
		if f.is(root) {
			r.Report.At(root, f.hint, "this looks like %s", f.what)
			return true
		}
	}
	return false
}

// foreignKey is how a setting is written here that a known system calls by a word, or "".
func foreignKey(key string) string {
	switch plainKey(key) {
	case "replicationfactor", "defaultreplicationfactor":
		return "brokers: {bus: {replicas: {nodes: 3}}}"
	case "mininsyncreplicas":
		return "brokers: {bus: {replicas: {nodes: 3, acks: all, min_in_sync: 2}}}"
	case "uncleanleaderelectionenable":
		return "brokers: {bus: {replicas: {nodes: 3, unclean: true, catch_up: 30s}}}"
	case "numpartitions":
		return "partitions: 3"
	case "retentionms", "retentionhours":
		return "keep: {for: 168h}"
	case "retentionbytes":
		return "keep: {size: 1GB}"
	case "sessiontimeoutms":
		return "group: {session: 45s}"
	case "maxpollintervalms":
		return "group: {poll_limit: 5min}"
	case "autocommitintervalms":
		return "group: {commit: 5s}"
	case "autooffsetreset":
		return "group: {begin: now}"
	case "maxpollrecords":
		return "prefetch: 500"
	case "prefetchcount", "qos":
		return "prefetch: 10"
	case "lingerms":
		return "batch: 5ms"
	case "enableidempotence":
		return "idempotent: true"
	case "visibilitytimeout", "ackwait":
		return "visibility: 30s"
	case "ackdeadline", "ackdeadlineseconds":
		return "visibility: 10s"
	case "lockduration":
		return "visibility: 1min"
	case "maxreceivecount", "maxdeliverycount":
		return "max_deliveries: 10"
	case "deliverylimit":
		return "max_deliveries: 20"
	case "maxdeliver":
		return "max_deliveries: 5"
	case "maxackpending":
		return "max_unacked: 1000"
	case "delayseconds":
		return "delayed: 10s"
	case "messagettl", "xmessagettl":
		return "ttl: 1min"
	case "xmaxlength":
		return "max_length: 1000"
	case "xmaxpriority":
		return "priorities: {levels: 10, first: highest}"
	case "xdeadletterexchange", "deadletterexchange", "deadletterqueue", "redrivepolicy":
		return "dead_letter: dead"
	case "consumergroup", "groupid":
		return "subscription: billing"
	}
	return ""
}

// plainKey is a key without what systems put between its words.
func plainKey(key string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(key))
}

package scenarios

import "slices"

// Files of other programs, recognised by the keys at their top. A person who
// gives one to this program needs no list of missing keys.
var foreign = []struct {
	what string
	hint string
	is   func(root *node) bool
}{
	{"a Docker Compose file", "its services are a good list to begin with: asynclab new makes a scenario, where each gets its workers, its handlers and what they call; an image says nothing about time",
		func(root *node) bool {
			return anyService(root, "image", "build", "container_name", "depends_on", "entrypoint") || root.has("services") && (root.has("networks") || root.has("volumes")) && !root.has("run")
		}},
	{"an AsyncAPI document", "its channels become queues and topics of a broker, its operations publish and consumes: asynclab new makes a scenario to start from",
		func(root *node) bool { return root.has("asyncapi") }},
	{"an OpenAPI document", "its operations become handlers of a service: asynclab new makes a scenario to start from",
		func(root *node) bool { return root.has("openapi") || root.has("swagger") }},
	{"a service graph of isotope", "a script is a handler here: call stays call, sleep is delay; asynclab new makes a scenario to start from",
		func(root *node) bool {
			s := root.get("services")
			return s != nil && s.shape == list && slices.ContainsFunc(s.items, func(n *node) bool { return n.has("name") })
		}},
	{"an architecture of MiSim", "its microservices become services, their operations handlers: asynclab new makes a scenario to start from",
		func(root *node) bool { return root.has("microservices") }},
	{"a Kubernetes object", "its deployments become services: asynclab new makes a scenario to start from",
		func(root *node) bool { return root.has("apiVersion") && root.has("kind") }},
	{"a trace of Zipkin, not a scenario", "its spans say how long the work of a handler takes: asynclab new makes a scenario to start from",
		func(root *node) bool {
			return slices.ContainsFunc(root.items, func(n *node) bool { return n.has("traceId") && n.has("id") })
		}},
	{"a trace of Jaeger or OpenTelemetry, not a scenario", "its spans say how long the work of a handler takes: asynclab new makes a scenario to start from",
		func(root *node) bool {
			return root.has("resourceSpans") || slices.ContainsFunc(root.get("data").all(), func(n *node) bool { return n.has("traceID") })
		}},
}

func (n *node) has(key string) bool { return n.get(key) != nil }

// all are the items of a list; none of what is no list.
func (n *node) all() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// anyService tells whether one of the services has one of these keys.
func anyService(root *node, keys ...string) bool {
	s := root.get("services")
	return s != nil && slices.ContainsFunc(s.pairs, func(p pair) bool { return slices.ContainsFunc(keys, p.val.has) })
}

// foreignFile reports the file of another program.
func (r *reader) foreignFile(root *node) bool {
	for _, f := range foreign {
		if f.is(root) {
			r.report.at(root, f.hint, "this looks like %s", f.what)
			return true
		}
	}
	return false
}

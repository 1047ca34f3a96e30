package scenarios

import (
	"slices"

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

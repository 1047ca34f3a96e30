package control

import "strings"

// MetricDoc is the id of a metric's declaration, and its line in English; "" where
// nobody knows.
func MetricDoc(name string) (id, doc string) {
	parts := strings.SplitN(name, ".", 3)
	return docs.of(parts[0], parts[len(parts)-1])
}

package control

import "strings"

// MetricDoc says in one line, in English, what a metric is; "" where nobody knows.
func MetricDoc(name string) string {
	parts := strings.SplitN(name, ".", 3)
	if len(parts) < 3 {
		return ""
	}
	return docs.of(parts[0], parts[2])
}

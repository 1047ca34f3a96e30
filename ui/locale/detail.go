package locale

import "regexp"

// phrase is a pattern of the short lines that the simulator puts on a node, and
// how it is said.
type phrase struct {
	pattern *regexp.Regexp
	say     func(part []string) string
}

func when(pattern string, say func(part []string) string) phrase {
	return phrase{regexp.MustCompile("^" + pattern + "$"), say}
}

var phrases = []phrase{
	when(`(\d+ × )?unlimited workers`, func(p []string) string { return p[1] + T("node.unlimited-workers") }),
	when(`(\d+ × )?(\d+) workers?`, func(p []string) string { return p[1] + T("node.workers", p[2]) }),
	when(`(\d+) users?`, func(p []string) string { return T("node.users", p[1]) }),
	when(`think (.+)`, func(p []string) string { return T("node.think", p[1]) }),
	when(`poisson, (.+)`, func(p []string) string { return T("node.poisson", rate(p[1])) }),
	when(`regular, (.+)`, func(p []string) string { return T("node.regular", rate(p[1])) }),
	when(`every (.+)`, func(p []string) string { return T("node.every", p[1]) }),
	when(`trace of (\d+) arrivals?`, func(p []string) string { return T("node.trace-arrivals", p[1]) }),
	when(`at most (\d+)`, func(p []string) string { return T("node.at-most", p[1]) }),
	when(`ttl (.+)`, func(p []string) string { return T("node.ttl", p[1]) }),
	when(`visible after (.+)`, func(p []string) string { return T("node.visible-after", p[1]) }),
	when(`(\d+) deliver(?:y|ies)`, func(p []string) string { return T("node.deliveries", p[1]) }),
}

var profile = regexp.MustCompile(`^profile of (\d+) segments?$`)

// rate says how fast operations arrive, where that changes.
func rate(text string) string {
	if part := profile.FindStringSubmatch(text); part != nil {
		return T("node.profile-segments", part[1])
	}
	return text
}

// Detail says a line of topology.Node.Detail in the language in use: "64 workers".
func Detail(line string) string {
	if Current() == languages[0].Tag {
		return line
	}
	for _, p := range phrases {
		if part := p.pattern.FindStringSubmatch(line); part != nil {
			return p.say(part)
		}
	}
	return line
}

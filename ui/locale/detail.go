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
	when(`(\d+ × )?unlimited workers`, func(p []string) string { return p[1] + T("unlimited workers") }),
	when(`(\d+ × )?(\d+) workers?`, func(p []string) string { return p[1] + T("workers: %s", p[2]) }),
	when(`(\d+) users?`, func(p []string) string { return T("users: %s", p[1]) }),
	when(`think (.+)`, func(p []string) string { return T("think %s", p[1]) }),
	when(`poisson, (.+)`, func(p []string) string { return T("poisson, %s", rate(p[1])) }),
	when(`regular, (.+)`, func(p []string) string { return T("regular, %s", rate(p[1])) }),
	when(`every (.+)`, func(p []string) string { return T("every %s", p[1]) }),
	when(`trace of (\d+) arrivals?`, func(p []string) string { return T("trace of %s arrivals", p[1]) }),
	when(`at most (\d+)`, func(p []string) string { return T("at most %s", p[1]) }),
	when(`ttl (.+)`, func(p []string) string { return T("ttl %s", p[1]) }),
	when(`visible after (.+)`, func(p []string) string { return T("visible after %s", p[1]) }),
	when(`(\d+) deliver(?:y|ies)`, func(p []string) string { return T("deliveries: %s", p[1]) }),
}

var profile = regexp.MustCompile(`^profile of (\d+) segments?$`)

// rate says how fast operations arrive, where that changes.
func rate(text string) string {
	if part := profile.FindStringSubmatch(text); part != nil {
		return T("profile of %s segments", part[1])
	}
	return text
}

// Detail says a line of topology.Node.Detail in the language in use: "64 workers".
func Detail(line string) string {
	if current.Load().texts == nil {
		return line
	}
	for _, p := range phrases {
		if part := p.pattern.FindStringSubmatch(line); part != nil {
			return p.say(part)
		}
	}
	return line
}

// Package deal has the strategies by which the partitions of a log are dealt to the
// members of a consumer group, each one value. A new one is a value and its place in All.
//
//	owners before, number of members ──► Strategy.Deal ──► owners
//
// Range keeps neighbours together, RoundRobin spreads them, and Sticky moves as few as it
// can: take it where a move costs something, as a cache that has to be filled again.
package deal

// Nobody is the owner of a partition that has none.
const Nobody int32 = -1

// Strategy deals partitions.
type Strategy struct {
	Word string // in a scenario
	Doc  string // how it deals
	// Deal writes the members that the partitions go to, numbered from 0, over those
	// that had them before, or Nobody. There is at least one member. No member has two
	// more than another.
	Deal func(owners []int32, members int32)
}

// The strategies, as the assignors of Kafka (KIP-54 for the sticky one).
var (
	Range = &Strategy{Word: "range", Doc: "neighbours together: the first members get one more where it does not come out even", Deal: func(owners []int32, members int32) {
		p := 0
		for m := range members {
			for range share(len(owners), members, m) {
				owners[p] = m
				p++
			}
		}
	}}
	RoundRobin = &Strategy{Word: "round-robin", Doc: "in turn", Deal: func(owners []int32, members int32) {
		for p := range owners {
			owners[p] = int32(p) % members
		}
	}}
	Sticky = &Strategy{Word: "sticky", Doc: "everyone keeps what is not too much, and only the rest moves", Deal: sticky}
)

// share is how many of n partitions the m-th member gets.
func share(n int, members, m int32) int {
	each := n / int(members)
	if int(m) < n%int(members) {
		each++
	}
	return each
}

// sticky takes from each member what it has above its share, the last of it, and gives
// it to those below theirs. Whoever has the most keeps the larger shares.
func sticky(owners []int32, members int32) {
	have := make([]int, members)
	for p, m := range owners {
		if m >= members {
			owners[p] = Nobody
		} else if m >= 0 {
			have[m]++
		}
	}
	least, larger := len(owners)/int(members), len(owners)%int(members)
	room := make([]int, members)
	for m := range room {
		if room[m] = least; have[m] > least && larger > 0 {
			room[m], larger = least+1, larger-1
		}
	}
	for m := 0; larger > 0; m++ {
		if room[m] == least {
			room[m], larger = least+1, larger-1
		}
	}
	for p, m := range owners {
		if m < 0 {
			continue
		}
		if room[m]--; room[m] < 0 {
			owners[p] = Nobody
		}
	}
	m := 0
	for p := range owners {
		if owners[p] == Nobody {
			for room[m] <= 0 {
				m++
			}
			owners[p] = int32(m)
			room[m]--
		}
	}
}

// All are the strategies that a scenario can name; the first is the default.
var All = []*Strategy{Range, RoundRobin, Sticky}

// Words are their words.
func Words() (all []string) {
	for _, s := range All {
		all = append(all, s.Word)
	}
	return all
}

// Docs says of all of them, in the order of Words, how they deal.
func Docs() (text string) {
	for i, s := range All {
		if i > 0 {
			text += "; "
		}
		text += s.Doc
	}
	return text
}

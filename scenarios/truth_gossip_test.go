package scenarios_test

import (
	"fmt"
	"strings"

	"asynclab/sim/engine"
)

// Gossip among a thousand peers (D12). Each is an instance that tells another one at
// random (balance: others). A round is a second, all of it at one instant. Who hears of
// the news counts as informed only half a second later, as the source wants: two that tell
// the same one in one round have both told it something new.

// pushText is (a): everybody who knows tells one in each round. Thirty rounds are more than
// any news needs.
const pushText = `
load: {news: {to: peer/hear, arrivals: constant(0.02/s), patient, confirm: {at: [map/informed], count: 1000}}}
services:
  peer:
    instances: 1000
    workers: unlimited
    balance: others
    stores: {seen: {key: operation, ttl: 45s}}
    on: {hear: [{stop: , when: seen}, set: seen, send: map/informed, {repeat: 30, do: [delay: 1s, send: peer/hear]}]}
  map: {workers: unlimited, on: {informed: []}}
`

// rumorText is (b), rumor mongering by push with feedback and a counter: a peer that has
// told k in a row who knew it already is cold, and tells nobody any more.
func rumorText() string {
	var b strings.Builder
	b.WriteString(`
load: {news: {to: peer/hear, arrivals: constant(0.02/s), patient}}
services:
  peer: {instances: 1000, workers: unlimited, balance: others}
  map: {workers: unlimited, on: {informed: []}}
designs:
`)
	for k := 1; k <= 5; k++ {
		states, useless, again := "susceptible, fresh, cold", "", ""
		for i := range k { // who has told i in a row for nothing
			states += fmt.Sprintf(", hot%d, vain%d", i, i+1)
			useless += fmt.Sprintf("{set: seen, to: vain%d, when: seen == hot%d, name: in-vain-%d}, ", i+1, i, i)
			if i > 0 {
				again += fmt.Sprintf(", {set: seen, to: hot0, when: seen == hot%d, name: told-after-%d}, {set: seen, to: hot%d, when: seen == vain%d, name: once-more-%d}", i, i, i, i, i)
			}
		}
		fmt.Fprintf(&b, `  k%d:
    services:
      peer:
        stores: {seen: {key: operation, ttl: 45s, states: [%s]}}
        on:
          hear:
            - {stop: , when: seen == fresh}
            - {fail: , when: not seen == susceptible}
            - {set: seen, to: fresh, name: hears}
            - send: map/informed
            - reply
            - delay: 500ms
            - {set: seen, to: hot0, name: knows}
            - delay: 500ms
            - repeat: 60
              while: not seen == cold
              do: [{await: peer/hear, timeout: none, else: [%s]}%s, {set: seen, to: cold, when: seen == vain%d, name: cools}, {delay: 1s, name: round}]
`, k, states, strings.TrimSuffix(useless, ", "), again, k)
	}
	return b.String()
}

// informedLast notes in which round the last peer that got a news got it, on average.
func informedLast(w *watched) {
	type round struct{ first, last int64 }
	all, node := map[uint64]*round{}, w.node("map")
	sum := int64(0)
	w.follow(func(r engine.Record) {
		if r.Kind != engine.TaskArrived || r.Node != node {
			return
		}
		n := all[r.Op]
		if n == nil {
			n = &round{r.Time, r.Time}
			all[r.Op] = n
		}
		sum += r.Time - n.last
		n.last = r.Time
		w.notes["last round"] = float64(sum) / 1e9 / float64(len(all))
	})
}

// rumors are the shares of peers that never hear it, the messages for each peer, and the
// last round, of the published table. That hardly anybody never hears it takes more news
// than its thousand to say within 5 %.
func rumors() (all []truth) {
	for k, of := range [][3]float64{{0.18, 1.7, 16.8}, {0.037, 3.3, 16.9}, {0.011, 4.5, 17.4}, {0.0036, 5.6, 17.5}, {0.0012, 6.7, 17.7}} {
		d := fmt.Sprintf("k%d|", k+1)
		news := m(d + "load.news.offered")
		all = append(all,
			truth{fmt.Sprintf("k=%d.residue", k+1), of[0], [...]float64{0.05, 0.05, 0.05, 0.1, 0.16}[k], scale(over(m(d+"service.map.arrived"), news), -0.001, 1), rounded},
			truth{fmt.Sprintf("k=%d.messages", k+1), of[1], 0.02, scale(over(m(d+"service.peer.arrived"), news), 0.001, -0.001), rounded},
			truth{fmt.Sprintf("k=%d.t_last", k+1), of[2], 0.03, m(d + "last round"), rounded})
	}
	return all
}

var truthGossip = []truthCase{
	{
		id: "D12a", seconds: 2500, quick: 0.04, reps: 20, quickRep: 8, warmup: "0s", text: pushText,
		values: []truth{{"rounds", 18.01, 0.03, m("load.news.confirmed.latency.mean"), 0}},
	},
	{id: "D12b", seconds: 2500, quick: 0.02, reps: 20, quickRep: 8, warmup: "0s", drive: informedLast, text: rumorText(), values: rumors()},
}

// Package balance has the policies by which requests are spread over the instances of a
// service, each one value. A new one is a value and its place in All. There are no health
// checks: an instance that is down still gets requests.
package balance

// Policy chooses the instance that a request goes to.
type Policy struct {
	Word   string // in a scenario
	Doc    string // whom it chooses
	Fooled bool   // an instance that is down has no tasks, and so looks best to it
	Ranked bool   // it asks for the fewest tasks, of which the run then keeps an index
	Pick   func(c Choice) int32
}

// Choice is one request's, among instances that are numbered from 0.
type Choice interface {
	Instances() int32
	Turn() uint64                  // requests before this one
	Among(k uint64, n int32) int32 // the k-th draw of this request, from 0 to n-1
	Tasks(i int32) int32           // that an instance has
	Fewest() int32                 // how many instances have the fewest tasks
	NthFewest(n int32) int32       // the n-th of these
}

// The policies. TwoChoices is of Mitzenmacher (2001).
var (
	RoundRobin = &Policy{Word: "round-robin", Doc: "in turn", Pick: func(c Choice) int32 { return int32(c.Turn() % uint64(c.Instances())) }}
	Random     = &Policy{Word: "random", Doc: "at random", Pick: func(c Choice) int32 { return c.Among(0, c.Instances()) }}
	LeastBusy  = &Policy{Word: "least-busy", Doc: "to the one with the fewest tasks", Fooled: true, Ranked: true, Pick: func(c Choice) int32 { return c.NthFewest(c.Among(0, c.Fewest())) }}
	TwoChoices = &Policy{Word: "two-choices", Doc: "to the better of two random ones", Fooled: true, Pick: func(c Choice) int32 {
		a, b := c.Among(0, c.Instances()), c.Among(1, c.Instances()-1)
		if b >= a {
			b++
		}
		if c.Tasks(b) < c.Tasks(a) {
			return b
		}
		return a
	}}
)

// All are the policies that a scenario can name; the first is the default.
var All = []*Policy{RoundRobin, Random, LeastBusy, TwoChoices}

// Words are their words.
func Words() (all []string) {
	for _, p := range All {
		all = append(all, p.Word)
	}
	return all
}

// Docs says of all of them, in the order of Words, whom they choose.
func Docs() (text string) {
	for i, p := range All {
		if i > 0 {
			text += "; "
		}
		text += p.Doc
	}
	return text
}

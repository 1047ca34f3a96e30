// Package balance has the policies by which requests are spread over the instances of a
// service, each one value. A new one is a value and its place in All. Which
// instances take part is not theirs to say: health checks leave some out (package health);
// without them an instance that is down still gets requests.
//
// A balancer knows what its caller knows: its own requests that are outstanding, neither
// answered nor given up. A load is one caller, and each instance of a calling service is one.
// It chooses when the request comes to the service.
package balance

// Policy chooses the instance that a request goes to.
type Policy struct {
	Word   string // in a scenario
	Doc    string // whom it chooses
	Fooled bool   // it counts requests: an instance that fails at once has none, and so looks best to it
	Keyed  bool   // it asks for the key of the request, an attribute
	Others bool   // an instance that asks its own service is left out, if there is another
	Pick   func(c Choice) int32
}

// Choice is one request's, among instances that are numbered from 0.
type Choice interface {
	Instances() int32
	Turn() uint64                  // requests before this one
	Key() uint64                   // of the request: a number, or the hash of a word
	Among(k uint64, n int32) int32 // the k-th draw of this request, from 0 to n-1
	Tasks(i int32) int32           // outstanding requests of the same caller to an instance
	Fewest() int32                 // how many instances have the fewest of them
	NthFewest(n int32) int32       // the n-th of these
}

// The policies. TwoChoices is of Mitzenmacher (2001), Hash the jump consistent hash of
// Lamping and Veach (2014): another instance takes its share of the keys from all, and
// the rest stay where they were.
var (
	RoundRobin = &Policy{Word: "round-robin", Doc: "in turn", Pick: func(c Choice) int32 { return int32(c.Turn() % uint64(c.Instances())) }}
	Others     = &Policy{Word: "others", Doc: "at random, but never to the instance that asks, as peers do that tell each other", Others: true, Pick: func(c Choice) int32 { return c.Among(0, c.Instances()) }}
	Random     = &Policy{Word: "random", Doc: "at random", Pick: func(c Choice) int32 { return c.Among(0, c.Instances()) }}
	LeastBusy  = &Policy{Word: "least-busy", Doc: "to the one with the fewest outstanding requests of the caller, neither answered nor given up", Fooled: true, Pick: func(c Choice) int32 { return c.NthFewest(c.Among(0, c.Fewest())) }}
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
	Sticky = &Policy{Word: "sticky", Doc: "always the same for a `key`: a number k to the (k mod n)-th, a word to that of its hash", Keyed: true, Pick: func(c Choice) int32 {
		return int32(c.Key() % uint64(c.Instances()))
	}}
	Hash = &Policy{Word: "hash", Doc: "by consistent hashing of a `key`", Keyed: true, Pick: func(c Choice) int32 {
		return jump(c.Key()*0x9e3779b97f4a7c15, c.Instances())
	}}
)

// jump is the bucket of a key among n.
func jump(key uint64, n int32) int32 {
	b, j := int64(-1), int64(0)
	for j < int64(n) {
		b = j
		key = key*2862933555777941757 + 1
		j = int64(float64(b+1) * (float64(int64(1)<<31) / float64(key>>33+1)))
	}
	return int32(b)
}

// All are the policies that a scenario can name; the first is the default.
var All = []*Policy{RoundRobin, Random, LeastBusy, TwoChoices, Sticky, Hash, Others}

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

package theory

// Model is a known model, with where it is described.
type Model struct {
	Name   string
	Says   string // what it describes, in a few words
	Source string
}

// The models that are recognised.
var (
	mm1      = &Model{"M/M/1", "Poisson arrivals, exponential work, one worker", "Kleinrock, Queueing Systems 1 (1975), 3.2"}
	mmc      = &Model{"M/M/c", "Poisson arrivals, exponential work, c workers, one line (Erlang C)", "Kleinrock 1 (1975), 3.5; Gross et al., Fundamentals of Queueing Theory (2008), 2.3"}
	mmck     = &Model{"M/M/c/K", "M/M/c with a bounded line", "Gross et al. (2008), 2.5"}
	lossB    = &Model{"M/G/c/c", "Poisson arrivals, c workers, no line (Erlang B)", "Kleinrock 1 (1975), 3.6; insensitive to the distribution of the work: Sevastyanov 1957"}
	mg1      = &Model{"M/G/1", "Poisson arrivals, one worker, any work (Pollaczek–Khinchine)", "Kleinrock 1 (1975), 5.6"}
	md1      = &Model{"M/D/1", "Poisson arrivals, one worker, constant work", "Kleinrock 1 (1975), 5.6"}
	mdc      = &Model{"M/D/c", "Poisson arrivals, c workers, constant work", "Crommelin 1932; Prabhu, Queues and Inventories (1965), 1.5"}
	mgc      = &Model{"M/G/c", "Poisson arrivals, c workers, any work: M/M/c × (1+cv²)/2", "Lee & Longton 1959; Kimura 1994"}
	ggc      = &Model{"G/G/c", "independent arrivals, c workers, any work: M/M/c × (ca²+cs²)/2", "Allen & Cunneen; Bolch et al., Queueing Networks and Markov Chains (2006), 6.3.6"}
	gm1      = &Model{"G/M/1", "independent arrivals, exponential work, one worker", "Kleinrock 1 (1975), 6.4"}
	mginf    = &Model{"M/G/∞", "as many workers as tasks: nobody waits", "Kleinrock 1 (1975), 3.4"}
	sharing  = &Model{"M/G/c-PS", "processor sharing: the mean is that of M/M/c whatever the work", "Kleinrock 2 (1976), 4.4; Kelly, Reversibility and Stochastic Networks (1979), 3.3"}
	erlangA  = &Model{"M/M/c+M", "M/M/c whose customers lose patience in line (Erlang-A)", "Garnett, Mandelbaum & Reiman 2002"}
	mmcd     = &Model{"M/M/c+D", "M/M/c whose customers wait at most for a fixed time", "Barrer 1957; Baccelli & Hebuterne 1981"}
	cobham   = &Model{"M/G/1 with priorities", "the line is served by priority, work is not interrupted", "Cobham 1954; Kleinrock 2 (1976), 3.6"}
	repair   = &Model{"M/M/c//N", "N users who think and ask again (machine repair)", "Gross et al. (2008), 2.7"}
	engset   = &Model{"M/M/c/K//N", "N users, a bounded line (Engset, where there is none)", "Gross et al. (2008), 2.7"}
	jackson  = &Model{"Jackson network", "M/M/c queues that pass tasks on by chance", "Jackson 1957; Kleinrock 1 (1975), 4.8; with delays and sharing: Baskett, Chandy, Muntz & Palacios 1975"}
	closedPF = &Model{"closed product-form network", "N users among M/M/c stations (exact MVA, convolution)", "Reiser & Lavenberg 1980; Buzen 1973"}
	forkJoin = &Model{"fork-join", "a task ends with the last of its parts", "Flatto & Hahn 1984; Nelson & Tantawi 1988; Baccelli, Makowski & Shwartz 1989"}
	layered  = &Model{"layered queueing network", "workers are held while they wait for others", "Rolia & Sevcik 1995; flow-equivalent servers: Lazowska et al., Quantitative System Performance (1984), 9.3"}
	path     = &Model{"sum along the path", "work, lines and ways one after the other", "Little 1961; linearity of the mean"}
)

// Kind says how far a prediction can be trusted.
type Kind uint8

// The kinds: a closed form that holds for the design as it is; a formula that is known to
// come near; a bound on one or on both sides.
const (
	Exact Kind = iota
	Approximation
	Bound
)

// String is the word for reports.
func (k Kind) String() string { return [...]string{"exact", "approximation", "bound"}[k] }

// Assumption is what a model takes for granted.
type Assumption struct {
	Text   string // "arrivals are Poisson"
	Broken string // how the design breaks it; "" where it holds
}

// Prediction is the value that a model gives for a metric. Value is NaN where there are
// bounds only; Low is NaN or High +Inf where there is none on that side.
type Prediction struct {
	Metric           string
	Value, Low, High float64
	Kind             Kind
	Rate             float64 // of the events that it comes from, per second; 0: there are plenty
}

// Finding is what is known about a part of a design.
type Finding struct {
	Element     string // service.shop, queue.bus/orders, load.shoppers
	Model       *Model // without predictions: the nearest
	Detail      string // "c = 4, 0.8 of it in use"
	Assumptions []Assumption
	Predictions []Prediction
	Memory      float64 // seconds in which the queue forgets its start, about; 0 unknown
}

// Fits reports whether the model says anything about the design.
func (f *Finding) Fits() bool { return len(f.Predictions) > 0 }

// Broken lists how the design breaks the assumptions.
func (f *Finding) Broken() (all []string) {
	for _, a := range f.Assumptions {
		if a.Broken != "" {
			all = append(all, a.Broken)
		}
	}
	return all
}

func (f *Finding) assume(text, broken string) {
	f.Assumptions = append(f.Assumptions, Assumption{text, broken})
}

// say adds a prediction, unless it is no number.
func (f *Finding) say(metric string, value float64, kind Kind) {
	if finite64(value) {
		f.Predictions = append(f.Predictions, Prediction{Metric: metric, Value: value, Low: value, High: value, Kind: kind})
	}
}

// rare adds a prediction that comes from events of a rate of their own, which a run may
// never see.
func (f *Finding) rare(metric string, value float64, kind Kind, rate float64) {
	if rate < 1e-9 { // once in thirty years
		value = 0
	}
	f.say(metric, value, kind)
	if n := len(f.Predictions); n > 0 && f.Predictions[n-1].Metric == metric {
		f.Predictions[n-1].Rate = rate
	}
}

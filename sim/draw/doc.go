// Package draw implements the random draws of the simulator: pure functions, portable arithmetic, values with units.
//
//	seed, replication,       operation,
//	element, purpose         occurrence          expression "lognormal(10ms, p99=80ms)"
//	       │                     │                       │ Parse
//	    NewKey ────► Key ──────► Bits ──► Uniform        ▼
//	                          64 bits      u in (0,1) ─► Dist.Sample ──► seconds, bytes, counts …
//	                                            └──────► Dist.SampleNanos ──► int64 nanoseconds
//
// There is no generator with state: a draw is a function of key, operation and occurrence, whatever the order of the
// draws, so two designs under one seed meet the same arrivals and the same work. Everything here gives the same bits on
// every processor (see elementary.go for how), which testdata/golden.txt pins.
//
// # Distributions
//
// Values are durations here (5ms); Parse takes the unit as an argument and reads any other unit in the same way. All
// values are >= 0. Each form, with mean and variance:
//
//	5ms  const(5ms)                   5ms                 0
//	uniform(lo, hi)                   (lo+hi)/2           (hi-lo)²/12
//	exp(mean)                         mean                mean²
//	erlang(k, mean)                   mean                mean²/k           k whole, 1 … 10000
//	gamma(shape=k, mean=m)            m                   m²/k              k from 0.001 to 10000
//	gamma(m, cv=c)                    m                   (c·m)²            shape 1/c²
//	normal(mu, sd)                    mu + sd·λ           sd²(1 + αλ - λ²)  cut at 0; α = -mu/sd, λ = φ(α)/(1-Φ(α))
//	lognormal(m, cv=c)                m                   (c·m)²            sigma² = log(1+c²)
//	lognormal(m, sigma=s)             m                   m²(exp(s²)-1)
//	lognormal(m, p99=q)               m                   m²(exp(s²)-1)     s = z - √(z² - 2·log(q/m)), z = Φ⁻¹(0.99)
//	lognormal(median=h, sigma=s)      h·exp(s²/2)         mean²(exp(s²)-1)
//	lognormal(median=h, p99=q)        h·exp(s²/2)         mean²(exp(s²)-1)  s = log(q/h)/z
//	weibull(k, scale=b)               b·Γ(1+1/k)          b²(Γ(1+2/k) - Γ(1+1/k)²)
//	weibull(k, mean=m)                m                   the same with b = m/Γ(1+1/k)
//	pareto(a, min=b)                  a·b/(a-1)           b²a/((a-1)²(a-2)), infinite for a <= 2; a > 1
//	pareto(a, mean=m)                 m                   the same with b = m(a-1)/a
//	hyperexp(p, m1, m2)               p·m1 + (1-p)·m2     2(p·m1² + (1-p)·m2²) - mean²
//	hyperexp(m, cv=c)                 m                   (c·m)²            balanced means, c >= 1
//	geometric(m)                      m                   m(m-1)            counts 1, 2, 3 …; plain numbers only
//	discrete(v1: w1, v2: w2, …)       Σ wv                Σ w(v-mean)²      weights are normalised
//	mix(w1: d1, w2: d2, …)            Σ wm                Σ w(v + (m-mean)²)
//	empirical("file.csv", scale=1)    of the samples      of the samples, divided by n, any of column=name, unit=ms
//
// Any quantile from p51 to p9999… can stand for p99. The mean and p99 of a lognormal fit two sigmas; the smaller is
// taken, and none exists when p99 is more than exp(z²/2) = 14.97 times the mean. At most 64 branches, 4 levels of
// nesting, 4 KiB of text. Families sampled by inversion grow with u, so a changed parameter keeps draws paired;
// hyperexp and mix pick the branch with the same uniform and rescale the rest.
//
// # How to choose
//
//	nothing varies, or a first estimate by hand        5ms
//	independent arrivals (time between them)           exp
//	only the limits are known                          uniform
//	service time, nothing known but the mean           exp: the formulas of queueing theory hold for it
//	several similar steps one after the other          erlang(number of steps, mean)
//	service time or latency, mean and p99 measured     lognormal(mean, p99=…): skewed, never negative
//	median and p99 known, as dashboards show           lognormal(median=…, p99=…)
//	a symmetric spread about a value, sd much smaller  normal
//	two kinds of requests: cache hit or miss           mix(0.9: exp(1ms), 0.1: exp(40ms)), or hyperexp
//	a coefficient of variation from a measurement      below 1: gamma(mean, cv=…), above 1: hyperexp(mean, cv=…)
//	a heavy tail: sizes of files, long sessions        pareto; expect slow convergence for alpha near 2
//	time to failure, ageing or infant mortality        weibull, shape above or below 1
//	batch sizes                                        geometric or discrete
//	a trace of measurements                            empirical: nothing above its largest sample will ever occur
//
// The mean says how many workers are needed; the variance says how long the queue is (waiting grows with 1 + cv²);
// the tail says what p99 is. Choose by what the question depends on.
package draw

package theory

import "math"

// Station is a station of a closed network: a customer's mean work there over all its
// visits of a cycle, in seconds, and its servers (0: as many as customers, a delay).
type Station struct {
	Demand  float64
	Visits  float64
	Servers int
}

// Closed is the steady state of a closed network.
type Closed struct {
	Throughput float64   // cycles per second
	Response   float64   // of a cycle, without its think time, seconds
	Present    []float64 // customers at each station
	Busy       []float64 // servers in use at each station
}

// MaxClosed bounds the customers of a network with a station of several servers, whose
// solution takes time in their square.
const MaxClosed = 2000

// MVA solves a closed network of n customers who think for a mean time and then visit
// the stations: exact for product-form networks (exponential work first come first served,
// or any work at delays and under processor sharing). Mean value analysis (Reiser &
// Lavenberg 1980) where every station has one server or is a delay, O(n·stations), and
// the convolution (Buzen 1973) in logarithms otherwise, O(n²·stations).
func MVA(stations []Station, think float64, n int) Closed {
	for _, s := range stations {
		if s.Servers > 1 {
			return convolve(stations, think, n)
		}
	}
	out := Closed{Present: make([]float64, len(stations)), Busy: make([]float64, len(stations))}
	times := make([]float64, len(stations))
	for k := 1; k <= n; k++ {
		out.Response = 0
		for i, s := range stations {
			times[i] = s.Demand
			if s.Servers == 1 {
				times[i] *= 1 + out.Present[i]
			}
			out.Response += times[i]
		}
		out.Throughput = float64(k) / (think + out.Response)
		for i := range stations {
			out.Present[i] = out.Throughput * times[i]
		}
	}
	for i, s := range stations {
		out.Busy[i] = out.Throughput * s.Demand
	}
	return out
}

// convolve solves the network by normalisation constants, all in logarithms.
func convolve(stations []Station, think float64, n int) Closed {
	rates := make([]func(j int) float64, 0, len(stations)+1)
	demands := make([]float64, 0, len(stations)+1)
	for _, s := range append(stations[:len(stations):len(stations)], Station{Demand: think}) {
		demands = append(demands, s.Demand)
		rates = append(rates, func(j int) float64 {
			if s.Servers > 0 {
				j = min(j, s.Servers)
			}
			return float64(j)
		})
	}
	x, present := product(demands, rates, n)
	out := Closed{Throughput: x, Present: present[:len(stations)], Busy: make([]float64, len(stations))}
	out.Response = float64(n)/x - think
	for i, s := range stations {
		out.Busy[i] = x * s.Demand
	}
	return out
}

// product solves a closed product-form network: station i serves its demand (seconds a
// cycle) at a speed rates[i](j) while j customers are there. It gives the throughput in
// cycles per second and the mean numbers present.
func product(demands []float64, rates []func(j int) float64, n int) (throughput float64, present []float64) {
	c := constants(demands, rates, n)
	return c.throughput(n), c.present(n)
}

// normal are the logarithms of the normalisation constants of a closed network, by its
// number of customers.
type normal struct {
	weights [][]float64 // of j customers at a station
	all     []float64
	rest    [][]float64 // of the network without a station
}

func constants(demands []float64, rates []func(j int) float64, n int) normal {
	k := len(demands)
	c := normal{weights: make([][]float64, k), rest: make([][]float64, k)}
	for i := range k {
		f := make([]float64, n+1)
		for j := 1; j <= n; j++ {
			f[j] = f[j-1] + math.Log(demands[i]) - math.Log(rates[i](j)) // log 0 is -Inf: never there
		}
		c.weights[i] = f
	}
	before := make([][]float64, k+1) // of the stations before i
	before[0] = alone(n)
	for i, f := range c.weights {
		before[i+1] = logConvolve(before[i], f)
	}
	c.all = before[k]
	after := alone(n)
	for i := k - 1; i >= 0; i-- {
		c.rest[i] = logConvolve(before[i], after)
		after = logConvolve(after, c.weights[i])
	}
	return c
}

// throughput is in cycles per second, with n customers.
func (c *normal) throughput(n int) float64 { return math.Exp(c.all[n-1] - c.all[n]) }

// present is the mean number at each station, with n customers.
func (c *normal) present(n int) []float64 {
	out := make([]float64, len(c.weights))
	for i := range out {
		for j := 1; j <= n; j++ {
			out[i] += float64(j) * math.Exp(c.weights[i][j]+c.rest[i][n-j]-c.all[n])
		}
	}
	return out
}

// alone is the constant of no station: nobody can be there.
func alone(n int) []float64 {
	g := make([]float64, n+1)
	for i := 1; i <= n; i++ {
		g[i] = math.Inf(-1)
	}
	return g
}

func logConvolve(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for n := range out {
		top := math.Inf(-1)
		for j := 0; j <= n; j++ {
			top = max(top, a[j]+b[n-j])
		}
		sum := 0.0
		for j := 0; j <= n && !math.IsInf(top, -1); j++ {
			sum += math.Exp(a[j] + b[n-j] - top)
		}
		out[n] = top + math.Log(sum)
	}
	return out
}

// Repair is the machine repair model M/M/c//n: n machines that run for an exponential
// time of mean think and then wait for one of c repairmen, each repair of mean work
// (Gross et al. 2008, section 2.7). Also n users who think and then ask one service. The
// weights of the states are summed outwards from the greatest, O(n).
func Repair(n int, think, work float64, c int) Queue {
	return finite(n, think, work, c, n-c)
}

// Engset is the same with room in line for only so many; those who find none think again
// (line 0: Engset's loss system, Gross et al. 2008, section 2.7). Refused is of the
// requests.
func Engset(n int, think, work float64, c, line int) Queue {
	return finite(n, think, work, c, line)
}

func finite(n int, think, work float64, c, line int) Queue {
	states := min(n, c+max(line, 0))
	up := func(j int) float64 { return float64(n-j) / think }
	down := func(j int) float64 { return float64(min(j, c)) / work }
	mode := 0
	for mode < states && up(mode) >= down(mode+1) {
		mode++
	}
	var sum, busy, present, asked, last float64
	add := func(j int, w float64) {
		sum += w
		busy += w * float64(min(j, c))
		present += w * float64(j)
		asked += w * up(j)
		if j == states && states < n {
			last = w * up(j)
		}
	}
	add(mode, 1)
	for j, w := mode, 1.0; j > 0 && w > 1e-18*sum; j-- {
		w *= down(j) / up(j-1)
		add(j-1, w)
	}
	for j, w := mode, 1.0; j < states && w > 1e-18*sum; j++ {
		w *= up(j) / down(j+1)
		add(j+1, w)
	}
	q := Queue{Servers: c, Busy: busy / sum, Waiting: (present - busy) / sum, Refused: last / asked}
	q.Utilization, q.Throughput = q.Busy/float64(c), q.Busy/work
	q.Wait = q.Waiting / q.Throughput
	q.Sojourn = q.Wait + work
	q.Delayed = math.NaN()
	return q
}

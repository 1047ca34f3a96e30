package measure

import "testing"

func benchRecorder() *Recorder {
	r := new(Recorder)
	r.AddCounter(64)
	r.AddLevel(64)
	r.AddHist(64)
	r.Start(1e9, -1, 240)
	return r
}

func BenchmarkInc(b *testing.B) {
	r := benchRecorder()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.Inc(Counter(i & 63))
		i++
	}
}

func BenchmarkLevel(b *testing.B) {
	r := benchRecorder()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.Level(LevelID(i&63), int64(i), int64(1-i&64>>5))
		i++
	}
}

// The values run through eleven octaves, as an exponential distribution does.
func BenchmarkObserve(b *testing.B) {
	r := benchRecorder()
	b.ReportAllocs()
	i, x := 0, uint64(1)
	for b.Loop() {
		x = x*6364136223846793005 + 1442695040888963407
		r.Observe(HistID(i&63), int64(x>>40))
		i++
	}
}

func BenchmarkObserveOneHist(b *testing.B) {
	r := benchRecorder()
	b.ReportAllocs()
	x := uint64(1)
	for b.Loop() {
		x = x*6364136223846793005 + 1442695040888963407
		r.Observe(3, int64(x>>40))
	}
}

// One sampling instant for 64 counters, 64 levels and 64 histograms of a
// thousand values each.
func BenchmarkSample(b *testing.B) {
	r := benchRecorder()
	b.ReportAllocs()
	x := uint64(1)
	for b.Loop() {
		b.StopTimer()
		for i := range 64 << 10 {
			x = x*6364136223846793005 + 1442695040888963407
			r.Observe(HistID(i&63), int64(x>>40))
		}
		b.StartTimer()
		r.Sample(r.NextSample())
	}
}

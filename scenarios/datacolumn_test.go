package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/sim/draw"
)

const ms = int64(time.Millisecond)

func TestTracesOfFiles(t *testing.T) {
	tests := []struct {
		name, text string
		options    string // after the name of the file
		want       []int64
		says       string
	}{
		{"a number a line", "# comment\n0.5\n\n1500ms # with, commas\n1min\n", "", []int64{500 * ms, 1500 * ms, 60000 * ms}, "x.csv: 3 times, from 500ms to 1m"},
		{"a unit", "5\n10\n2s\n", ", unit=ms", []int64{5 * ms, 10 * ms, 2000 * ms}, "x.csv: 3 times, from 5ms to 2s"},
		{"a header", "at\n1\n2\n", "", []int64{1000 * ms, 2000 * ms}, "x.csv: column at, 2 times, from 1s to 2s"},
		{"a column of CSV", "\ufeffts,path\r\n2024-05-01T10:00:00Z,\"/a,b\"\r\n2024-05-01T10:00:00.25Z,/c#d\r\n", ", column=ts", []int64{0, 250 * ms},
			"x.csv: column ts, 2 timestamps, from 2024-05-01 10:00:00 to 2024-05-01 10:00:00.25, the first at 0s, the last at 250ms"},
		{"zones", "a;b\n1;2024-05-01 12:00:00+02:00\n2;2024-05-01 10:00:01Z\n", ", column=b", []int64{0, 1000 * ms},
			"x.csv: column b, 2 timestamps, from 2024-05-01 12:00:00 +02:00 to 2024-05-01 12:00:01 +02:00, the first at 0s, the last at 1s"},
		{"epoch seconds", "1714557600.5\n1714557601.000000001\n", "", []int64{0, 500*ms + 1},
			"x.csv: 2 timestamps, from 2024-05-01 10:00:00.5 to 2024-05-01 10:00:01.000000001, the first at 0s, the last at 500ms"},
		{"epoch milliseconds", "1714557600000\t7\n1714557600003\t8\n", ", column=1", []int64{0, 3 * ms},
			"x.csv: column 1, 2 timestamps, from 2024-05-01 10:00:00 to 2024-05-01 10:00:00.003, the first at 0s, the last at 3ms"},
		{"epoch with its unit", "1714557600000\n1714557600003\n", ", unit=ms", []int64{0, 3 * ms},
			"x.csv: 2 timestamps, from 2024-05-01 10:00:00 to 2024-05-01 10:00:00.003, the first at 0s, the last at 3ms"},
		{"gaps", "gap,who\n5,\"a \"\"b\"\"\"\n7,c\n,\n0,d\n", ", unit=ms, gaps, column=gap", []int64{5 * ms, 12 * ms, 12 * ms},
			"x.csv: column gap, 3 gaps, from 0s to 7ms, the last arrival at 12ms"},
		{"a name in quotes", "\"start time\",b\n1,2\n", `, column="start time"`, []int64{1000 * ms}, `x.csv: column "start time", 1 time, from 1s to 1s`},
		{"many", "1\n" + strings.Repeat("2\n", 1203), "", append([]int64{1000 * ms}, slices.Repeat([]int64{2000 * ms}, 1203)...), "x.csv: 1,204 times, from 1s to 2s"},
	}
	for _, c := range tests {
		for _, form := range []string{`'trace("x.csv"%s)'`, `{trace: 'file("x.csv"%s)'}`} {
			s, err := parseWithData(c.text, fmt.Sprintf(form, c.options), "1ms")
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got := s.Designs[0].Loads[0].Arrivals.Times; !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got[:min(len(got), 5)], c.want[:min(len(c.want), 5)])
			}
			if len(s.Data) != 1 || s.Data[0].String() != c.says {
				t.Errorf("%s says\n%v, want\n%s", c.name, s.Data, c.says)
			}
		}
	}
}

// parseWithData reads a scenario beside the data file x.csv.
func parseWithData(data, arrivals, work string) (*Scenario, error) {
	text := "version: 1\nname: x\nrun: {duration: 1min}\nload: {a: {to: s/x, arrivals: " + arrivals + "}}\nservices: {s: {on: {x: [work: '" + work + "']}}}\n"
	return Parse(fstest.MapFS{"x.csv": {Data: []byte(data)}}, "x.yaml", []byte(text))
}

func TestSamplesOfFiles(t *testing.T) {
	const export = "\ufeffid,latency,size\r\n1,3,5\r\n2,1.5s,6\r\n3,0,7\r\n"
	s, err := parseWithData(export, "constant(1/s)", `mix(1: empirical("x.csv", column=latency, unit=ms), 1: empirical("x.csv", column=3, scale=2))`)
	if err != nil {
		t.Fatal(err)
	}
	work := s.Designs[0].Services[0].Handlers[0].Steps[0].Dist
	if got, want := work.Mean(), (0.003+1.5+0)/6+(5+6+7)/3.0; got < want-1e-12 || got > want+1e-12 {
		t.Errorf("mean %v, want %v", got, want)
	}
	if got := fmt.Sprint(s.Data); got != "[x.csv: column latency, 3 samples, from 0s to 1.5s x.csv: column size, 3 samples, from 5s to 7s]" {
		t.Error(got)
	}
	if !slices.Equal(s.DataFiles, []string{"x.csv"}) {
		t.Errorf("files %v", s.DataFiles)
	}
	if back, err := draw.Parse(work.String(), draw.Seconds, func(f draw.File) ([]float64, error) {
		c, err := readColumn([]byte(export), dataQuery{f, draw.Seconds, dataSamples}, 100)
		if err != nil {
			return nil, err
		}
		return c.numbers, nil
	}); err != nil || !back.Equal(&work) {
		t.Errorf("%v reads back as %v, %v", work, back, err)
	}
}

func TestMistakesInDataFiles(t *testing.T) {
	query := func(column, unit string, as dataKind) dataQuery {
		return dataQuery{draw.File{Name: "x.csv", Column: column, Unit: unit}, draw.Seconds, as}
	}
	times := query("", "", dataTimes)
	for _, c := range []struct {
		text string
		q    dataQuery
		want string
	}{
		{"a,b\n1,2\n", times, "it has 2 columns, a, b: name one, such as column=b"},
		{"1,x y\n1,2\n", times, `it has 2 columns, 1 ("1"), 2 ("x y"): name one, such as column=2`},
		{"aa,bb\n1,2\n", query("bbb", "", dataTimes), `it has no column "bbb" (did you mean bb?)`},
		{"a,b\n1,2\n", query("3", "", dataTimes), "it has no column 3, only a, b"},
		{"1,2\n", query("ts", "", dataTimes), "no names of columns"},
		{"a,a\n1,2\n", query("a", "", dataTimes), "column=1 or column=2"},
		{"a,b\n1,2\n1,2,3\n", query("a", "", dataTimes), "line 3 has 3 columns, not 2"},
		{"a,b\n\n# c\n1,2\n ,3\n", query("a", "", dataTimes), "line 5: column a is empty"},
		{"a,b\n1,\"x\ny\"\nz,3\n", query("a", "", dataTimes), `line 4: "z" is not a number`},
		{"a,b\n1,\"2\n", query("a", "", dataTimes), "line 2: a quote is not closed"},
		{"1\n2,5\n", times, "line 2: \"2,5\" has several columns"},
		{"1\n3\n2\n", times, "line 3: 2 is earlier than the one before it"},
		{"2024-05-01T10:00:00Z\n2024-05-01T09:00:00Z\n", times, "line 2: 2024-05-01T09:00:00Z is earlier"},
		{"2024-05-01T10:00:00Z\n7\n", times, `line 2: "7" is not a timestamp, as the first is`},
		{"2024-13-01T10:00:00Z\n", times, "line 1: \"2024-13-01T10:00:00Z\" is not a number"},
		{"1714557600000\n1.7145576E+12\n", times, "write all its digits"},
		{"1990-05-01T10:00:00Z\n2024-05-01T10:00:00Z\n", times, "more than 20 years after the first"},
		{"5\n1714557600\n", times, "line 2: the time 1714557600 is too late"},
		{"2024-05-01T10:00:00Z\n", query("", "", dataGaps), "leave gaps out"},
		{"600000000\n600000000\n", query("", "", dataGaps), "line 2: the gaps add up to more than 20 years"},
		{"1\n-1\n", query("", "ms", dataSamples), "line 2: -1 is not a finite number"},
		{"1\nNaN\n", query("", "ms", dataSamples), "line 2: NaN is not a finite number"},
		{"1\n5kB\n", query("", "ms", dataSamples), "line 2: 5kB is a size, not a duration"},
		{"latency\n", times, "it has no numbers"},
		{"\xff\xfe1\x00\n\x00", times, "UTF-16"},
		{strings.Repeat("1\n", 101), times, "line 101: more than 5000000 numbers"},
	} {
		if _, err := readColumn([]byte(c.text), c.q, 100); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %s", c.text, err, c.want)
		}
	}
}

// Many columns of one large file cannot make the reading long.
func TestDataBytesAreBounded(t *testing.T) {
	big := []byte("1\n" + strings.Repeat("#\n", maxDataFile/2-1))
	d := newDataFiles(fstest.MapFS{"x.csv": {Data: big}, "y.csv": {Data: append(big, '\n')}}, "x.yaml")
	if _, err := d.open("y.csv"); err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Error(err)
	}
	var err error
	for n := 0; err == nil; n++ {
		if n > maxDataBytes/maxDataFile {
			t.Fatal("no end")
		}
		_, err = d.open("x.csv")
	}
	if !strings.Contains(err.Error(), "more than 256 MiB") {
		t.Error(err)
	}
}

// FuzzReadColumn holds that no data file makes the reader panic, and that what it
// reads is in order and counted.
//
//	go test ./scenarios -run FuzzReadColumn -fuzz FuzzReadColumn -fuzztime 60s
func FuzzReadColumn(f *testing.F) {
	for _, text := range []string{"1s\n2s # x\n3\n", "\ufeffts,b\r\n2024-05-01T10:00:00Z,\"x\"\"\"\r\n", "a;b\n1714557600000;2\n", "1\t2\n", "#\n\n", "\"a\"\n\"5\"\n"} {
		for as := range uint8(3) {
			f.Add([]byte(text), "ts", "ms", as)
			f.Add([]byte(text), "", "", as)
			f.Add([]byte(text), "2", "", as)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, column, unit string, as uint8) {
		q := dataQuery{draw.File{Name: "x", Column: column, Unit: unit}, draw.Seconds, dataKind(as % 3)}
		c, err := readColumn(text, q, 1000)
		if err != nil {
			if err.Error() == "" || errors.Unwrap(err) == err {
				t.Fatal("an empty error")
			}
			return
		}
		if n := c.count(); n == 0 || n > 1000 || n != c.use.Count || !slices.IsSorted(c.times) || len(c.times) > 0 && c.times[0] < 0 || c.use.String() == "" {
			t.Fatalf("%d values: %+v", n, c.use)
		}
		for _, v := range c.numbers {
			if !(v >= 0) {
				t.Fatal(v)
			}
		}
	})
}

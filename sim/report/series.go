package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"asynclab/sim"
)

// WriteSeries writes series over time, a value a line: as CSV with the header
// design,replication,metric,unit,time,value, or as JSON lines with these keys. A time
// is that of the beginning of an interval, in seconds from the beginning of the run;
// a value without samples is empty, or null.
func WriteSeries(w io.Writer, all []sim.RunSeries, lines bool) error {
	if lines {
		return seriesLines(w, all)
	}
	out := csv.NewWriter(w)
	// csv.Writer keeps the first error; Error returns it.
	_ = out.Write([]string{"design", "replication", "metric", "unit", "time", "value"})
	for _, s := range all {
		row := []string{s.Design, strconv.Itoa(s.Replication), s.Metric, unitName(s.Unit), "", ""}
		for i, v := range s.Values {
			row[4], row[5] = number(moment(s, i)), number(v)
			_ = out.Write(row)
		}
	}
	out.Flush()
	return out.Error()
}

func seriesLines(w io.Writer, all []sim.RunSeries) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, s := range all {
		for i, v := range s.Values {
			line := struct {
				Design      string   `json:"design"`
				Replication int      `json:"replication"`
				Metric      string   `json:"metric"`
				Unit        string   `json:"unit"`
				Time        float64  `json:"time"`
				Value       *float64 `json:"value"`
			}{s.Design, s.Replication, s.Metric, unitName(s.Unit), moment(s, i), &v}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				line.Value = nil
			}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// moment is a time in seconds, to the nanosecond.
func moment(s sim.RunSeries, i int) float64 { return math.Round(s.At(i)*1e9) / 1e9 }

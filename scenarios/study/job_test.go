package study

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"

	"github.com/google/go-cmp/cmp"
)

func example() Job {
	return Job{
		Scenario: scenarios.NewBundle("x.yaml", []byte("version: 1"), map[string][]byte{"a": []byte("1")}),
		Version:  "1.2.3", Design: "broker", Set: []string{"link.a->b.latency=1ms"}, From: 2, To: 5,
		Run:     Run{Duration: time.Minute, Warmup: time.Second, Drain: -1, Completions: 7, Seed: 1 << 63, MaxEvents: 9},
		Metrics: []string{"load.*"}, Expect: []string{"run.events > 1"},
	}
}

// The hash is that of every field, and stays the same from one program to another:
// files and streams name jobs by it.
func TestHash(t *testing.T) {
	j := example()
	if got := j.Hash(); got != "79a365f0eee5fada1bf8bffc5d672d68" {
		t.Errorf("hash %s", got)
	}
	seen := map[string]string{j.Hash(): "nothing"}
	v := reflect.ValueOf(&j).Elem()
	var change func(v reflect.Value, name string)
	change = func(v reflect.Value, name string) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		switch v.Kind() {
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		case reflect.Uint64:
			v.SetUint(v.Uint() + 1)
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Slice:
			v.Set(reflect.Append(v, reflect.ValueOf("x")))
		case reflect.Pointer:
			v.Set(reflect.ValueOf(scenarios.NewBundle("x.yaml", []byte("version: 1"), map[string][]byte{"a": []byte("2")})))
		case reflect.Struct:
			for i := range v.NumField() {
				change(v.Field(i), v.Type().Field(i).Name)
			}
			return
		default:
			t.Fatalf("a field %s of kind %s", name, v.Kind())
		}
		if was, known := seen[j.Hash()]; known {
			t.Errorf("a change of %s gives the same hash as that of %s", name, was)
		}
		seen[j.Hash()] = name
		v.Set(old)
	}
	change(v, "Job")
}

func TestJobTravels(t *testing.T) {
	j := example()
	got, err := DecodeJob(j.Encode(), func(hash string) (*scenarios.Bundle, error) {
		if hash != j.Scenario.Hash() {
			return nil, errors.New("another scenario")
		}
		return j.Scenario, nil
	})
	if err != nil || !reflect.DeepEqual(&j, got) {
		t.Errorf("%+v became %+v, %v", j, got, err)
	}
}

// FuzzDecodeJob and FuzzDecodeResult hold that bytes from another machine are
// refused, or read as what they say.
func FuzzDecodeJob(f *testing.F) {
	j := example()
	f.Add(j.Encode())
	f.Add([]byte(`{"scenario":"","from":1,"to":1}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		find := func(string) (*scenarios.Bundle, error) { return j.Scenario, nil }
		got, err := DecodeJob(data, find)
		if err != nil {
			return
		}
		if again, err := DecodeJob(got.Encode(), find); err != nil || again.Hash() != got.Hash() {
			t.Fatalf("%s: %+v, %v", data, again, err)
		}
	})
}

func FuzzDecodeResult(f *testing.F) {
	r := Result{Job: "x", Outcomes: []*sim.Outcome{{Complete: true, End: sim.Duration, At: 5, Events: 6, Fingerprint: math.MaxUint64}}}
	f.Add(r.Encode())
	f.Add([]byte(`{"job":"x","metrics":["run.events"],"runs":[{"ended":"idle","fingerprint":"1","values":["+Inf"],"errors":{"0":-0},"warnings":[{"kind":"no-load"}]}]}`))
	f.Add([]byte(`{"runs":[{"ended":"idle","fingerprint":"1","values":[null]}]}`))
	f.Add([]byte(`{"runs":[{"ended":"idle","fingerprint":"1","values":[],"findings":[{"kind":"fault","element":"fault.x","from":1,"to":2,"says":[{"id":"finding.fault","terms":["x"]}],"evidence":[{"metric":"a","value":1,"threshold":null}],"hurt":3}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeResult(data)
		if err != nil {
			return
		}
		again, err := DecodeResult(got.Encode())
		if diff := cmp.Diff(got, again, exactly); err != nil || diff != "" {
			t.Fatalf("%s: %v %s", data, err, diff)
		}
	})
}

func TestSplit(t *testing.T) {
	var got []string
	for _, j := range Split(example(), 3, 8, 4) {
		got = append(got, j.String())
	}
	if want := "x.yaml, broker, replications 3 to 6, link.a->b.latency=1ms|x.yaml, broker, replications 7 to 8, link.a->b.latency=1ms"; strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
}

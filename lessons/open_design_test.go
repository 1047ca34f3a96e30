package lessons

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// A design of a student's own is judged by the goals of an open task over seeds, and its
// page can be verified; whoever changes what is given is told what.
func TestDesigned(t *testing.T) {
	l := Library().Find("where-the-line").In("en")
	if step, scenario, err := l.TaskOf(""); err != nil || step != "repair" || scenario.Name != "concert" {
		t.Errorf("the task is in %q: %v", step, err)
	}
	if _, _, err := Library().Find("five-bad-seconds").In("en").TaskOf(""); err == nil || !strings.Contains(err.Error(), "repair, alive") {
		t.Errorf("one of two tasks: %v", err)
	}
	if _, _, err := l.TaskOf("bill"); err == nil || !strings.Contains(err.Error(), "no task in a step") {
		t.Errorf("a step without a task: %v", err)
	}
	whole, err := embedded.ReadFile("library/where-the-line/concert.yaml")
	if err != nil {
		t.Fatal(err)
	}
	line := strings.NewReplacer(
		"{p: 100%, do: [call: pay/charge]}, {p: 0%, do: [publish: bus/pay]}", "{p: 0%, do: [call: pay/charge]}, {p: 100%, do: [publish: bus/pay]}",
		"{p: 100%, do: [call: mail/send]}, {p: 0%, do: [publish: bus/mail]}", "{p: 0%, do: [call: mail/send]}, {p: 100%, do: [publish: bus/mail]}",
		"  messages: {title: three messages}\n", "").Replace(string(whole))
	ctx := context.Background()
	c, err := Designed(ctx, l, "repair", "Ada", []byte(line), 3, nil)
	if err != nil || c.Solved() != 3 {
		t.Fatalf("%v: %+v", err, c)
	}
	page, err := c.Page()
	if err != nil || !bytes.Contains(page, []byte("\n```yaml\n# Three hops")) {
		t.Fatalf("%v\n%s", err, page)
	}
	again, text, err := ReadCertificate(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if differences, err := again.Verify(ctx, l, text, nil); err != nil || len(differences) > 0 {
		t.Errorf("%v, %q", err, differences)
	}
	forged := *again
	forged.Design = strings.Replace(line, "site:\n    workers: 8", "site:\n    workers: 9", 1)
	if differences, err := forged.Verify(ctx, l, text, nil); err != nil || len(differences) == 0 {
		t.Errorf("another design passes for it: %v", err)
	}
	if c, err := Designed(ctx, l, "repair", "Ada", whole, 1, nil); err != nil || c.Solved() != 0 { // that of the task, of two
		t.Errorf("three calls solve it: %v, %+v", err, c)
	}
	for _, f := range []struct{ old, new, want string }{
		{"work: 150ms", "work: 1ms", "service.pay.on.charge.work is 150ms in the task, and has to stay so"},
		{"poisson(20/s)", "poisson(2/s)", "the loads are not those of the task"},
		{"at: 30s, for: 30s", "at: 30s, for: 1s", "the faults are not those of the task"},
		{"broker_million: 0.40", "broker_million: 0.04", "prices.broker_million is "},
		{"default: {latency: 1ms}", "default: {latency: 0s}", "link.default.latency is 1ms in the task"},
		{"  calls: {title: three calls}\n", "  ours: {title: three calls}\n  more: {title: more}\n", "the file has 2 designs, and none is called calls"},
		{"version: 1", "version: 7", "version"},
	} {
		text := strings.Replace(line, f.old, f.new, 1)
		if text == line {
			t.Fatalf("%q is not in the design", f.old)
		}
		if _, err := Designed(ctx, l, "repair", "Ada", []byte(text), 1, nil); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%q: %v, want %q", f.new, err, f.want)
		}
	}
}

// Where a task leaves out some faults of its scenario, the scenario as it is printed is a
// design for it, and so is one without them.
func TestDesignedWithFewerFaults(t *testing.T) {
	l := Library().Find("that-night").In("en")
	whole, err := embedded.ReadFile("library/that-night/night.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(whole), strings.Replace(string(whole), "  - {name: added, at: 10min, for: 1h, crash: stream}\n", "", 1)} {
		if c, err := Designed(context.Background(), l, "survive", "Ada", []byte(text), 1, nil); err != nil || c.Solved() != 0 {
			t.Errorf("%v, %+v", err, c)
		}
		brief := strings.Replace(text, "timeout: 1h", "timeout: 100ms", 1)
		if c, err := Designed(context.Background(), l, "survive", "Ada", []byte(brief), 2, nil); err != nil || c.Solved() != 2 {
			t.Errorf("%v, %+v", err, c)
		}
	}
}

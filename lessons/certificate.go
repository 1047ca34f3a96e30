package lessons

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Certificate is a solved task as a page that a student hands in: the changes, what was
// tried before, and for each seed the numbers of the goals and the fingerprints of the
// runs. Verify makes the same runs again, so nothing on it has to be believed. One run
// more has a seed that the name gives: whoever writes another name on the page has to make
// that run too.
type Certificate struct {
	Version int         `json:"version"`
	Name    string      `json:"name"`   // of the student
	Lesson  string      `json:"lesson"` // its id
	Step    string      `json:"step"`   // the id of the step
	Changes []string    `json:"changes"`
	Design  string      `json:"design,omitempty"` // a design of the student's own, in place of changes: the text of the file
	Tried   []string    `json:"tried"`            // the attempts before, oldest first
	Goals   []string    `json:"goals"`            // the expectations
	Runs    []Certified `json:"runs"`             // one for each seed
	Named   *Certified  `json:"named,omitempty"`  // with the seed of the name; nil in a page of version 1
}

// Certified is one seed of a certificate.
type Certified struct {
	Seed         uint64   `json:"seed"`
	Values       []string `json:"values"` // of the goals, with units
	Met          []bool   `json:"met"`
	Fingerprints []string `json:"fingerprints"` // of the runs, one for each design
}

// Limits of a certificate: files are untrusted.
const (
	certificateVersion = 2
	unnamedVersion     = 1 // its pages are still read: their name is not verified
	maxCertificate     = 1 << 20
	maxCertified       = 100 // seeds
	maxChanges         = 50
	maxName            = 200 // bytes
)

// said joins and splits the changes of a try.
const betweenChanges = "; "

// Changed lists the changes that a student made in a try, PATH=VALUE.
func (t Try) Changed() []string {
	if t.Said == "" {
		return nil
	}
	return strings.Split(t.Said, betweenChanges)
}

// Certificate certifies the last attempt of a student that solved the task of a step,
// with so many seeds.
func (p *Progress) Certificate(ctx context.Context, l *Lesson, step, name string, seeds int, progress func(done, of int)) (*Certificate, error) {
	c := &Certificate{Version: certificateVersion, Name: name, Lesson: l.ID, Step: step}
	var tries []Try
	if taken := p.Lessons[l.ID]; taken != nil {
		tries = taken.Steps[step].Of(Task)
	}
	last := -1
	for i, t := range tries {
		if t.Right && t.Said != "" {
			last = i
		}
	}
	if last < 0 {
		return nil, fmt.Errorf("the task of %s/%s is not solved yet", l.ID, step)
	}
	for _, t := range tries[max(0, last-maxChanges):last] {
		c.Tried = append(c.Tried, t.Said)
	}
	c.Changes = tries[last].Changed()
	return c, c.run(ctx, l, seeds, progress)
}

// task is the task that a certificate is about.
func (c *Certificate) task(l *Lesson) (*Activity, error) {
	i := l.Step(c.Step)
	if i < 0 || l.Steps[i].activity(Task) == nil {
		return nil, fmt.Errorf("the lesson %s has no task in a step %q", l.ID, c.Step)
	}
	return l.Steps[i].activity(Task), nil
}

// TaskOf is the step with a task that is meant, and the scenario that its student begins
// with: "" is the only one.
func (l *Lesson) TaskOf(step string) (string, *scenarios.Scenario, error) {
	var all []string
	for i := range l.Steps {
		s := &l.Steps[i]
		if s.activity(Task) == nil {
			continue
		}
		if s.ID == step {
			return step, l.Scenario(s.Setup.Scenario), nil
		}
		all = append(all, s.ID)
	}
	switch {
	case step != "":
		return "", nil, fmt.Errorf("the lesson %s has no task in a step %q, only in %s", l.ID, step, strings.Join(all, ", "))
	case len(all) != 1:
		return "", nil, fmt.Errorf("which task of the lesson %s? It has %d: %s", l.ID, len(all), strings.Join(all, ", "))
	}
	return l.TaskOf(all[0])
}

// run makes the runs with so many seeds, and fills in what they give.
func (c *Certificate) run(ctx context.Context, l *Lesson, seeds int, progress func(done, of int)) error {
	a, err := c.task(l)
	switch {
	case err != nil:
		return err
	case seeds < 1 || seeds > maxCertified:
		return fmt.Errorf("there are 1 to %d seeds, not %d", maxCertified, seeds)
	case len(c.Changes) > maxChanges || len(c.Tried) > maxChanges || len(c.Name) > maxName || strings.ContainsFunc(c.Name, func(r rune) bool { return r < ' ' }):
		return errors.New("it has more changes, or a longer name, than a student writes")
	}
	var own *design.Design
	if c.Design != "" {
		if own, err = c.open(a); err != nil {
			return err
		}
	}
	var set []Change
	for _, text := range c.Changes {
		one, err := a.setup.Change(text)
		if err != nil {
			return err
		}
		set = append(set, one)
	}
	c.Goals, c.Runs = names(a.Goals, func(g Goal) string { return g.Expect.Text() }), nil
	all := seeds
	if c.Version > unnamedVersion {
		all++
	}
	for k := range all {
		if progress != nil {
			progress(k, all)
		}
		seed := k
		if k == seeds {
			seed = seedOf(c.Name)
		}
		e, err := a.runWith(ctx, l, own, set, seed)
		if err != nil {
			return err
		}
		v := &Verdict{Goals: goalsIn(a, e)}
		if own == nil {
			v = judgeGoals(a, e)
		}
		if len(v.Beside) > 0 {
			return fmt.Errorf("it changes %s, which this task is not about", v.Beside[0])
		}
		one := Certified{Seed: l.Config(a.setup).Seed + uint64(seed)}
		for _, g := range v.Goals {
			value := "none"
			if !math.IsNaN(g.Value) {
				value = draw.FormatQuantity(g.Value, g.Unit)
			}
			one.Values, one.Met = append(one.Values, value), append(one.Met, g.Pass)
		}
		for _, d := range a.setup.Designs {
			one.Fingerprints = append(one.Fingerprints, fmt.Sprintf("%016x", e[d].Fingerprint()))
		}
		if k == seeds {
			c.Named = &one
		} else {
			c.Runs = append(c.Runs, one)
		}
	}
	return nil
}

// seedOf is the seed that a name gives, behind all those that are counted.
func seedOf(name string) int {
	h := fnv.New32a()
	_, _ = io.WriteString(h, name)
	return maxCertified + int(h.Sum32()>>2)
}

// Unnamed tells whether it is a page of the earlier version, whose name is not verified.
func (c *Certificate) Unnamed() bool { return c.Version == unnamedVersion }

// Solved counts the seeds with which every goal is met.
func (c *Certificate) Solved() (n int) {
	for _, r := range c.Runs {
		if !slices.Contains(r.Met, false) {
			n++
		}
	}
	return n
}

const dataBegins, dataEnds = "\n```json\n", "\n```\n"

// Page is the certificate as Markdown: a table to read, and behind it the same as data
// for Verify.
func (c *Certificate) Page() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s / %s\n\n%s\n\n%d of %d seeds meet every goal.\n\n", c.Lesson, c.Step, c.Name, c.Solved(), len(c.Runs))
	list := func(title string, all []string) {
		fmt.Fprintf(&b, "%s\n\n", title)
		for _, one := range all {
			fmt.Fprintf(&b, "- `%s`\n", one)
		}
		b.WriteByte('\n')
	}
	if c.Design == "" {
		list("Changed:", c.Changes)
	} else {
		fmt.Fprintf(&b, "Design:\n\n```yaml\n%s\n```\n\n", strings.TrimRight(c.Design, "\n"))
	}
	if len(c.Tried) > 0 {
		list("Tried before:", c.Tried)
	}
	list("Goals:", c.Goals)
	fmt.Fprintf(&b, "| seed |%s fingerprints |\n|---|%s---|\n", strings.Repeat(" goal |", len(c.Goals)), strings.Repeat("---|", len(c.Goals)))
	for _, r := range c.Runs {
		fmt.Fprintf(&b, "| %d |", r.Seed)
		for i, v := range r.Values {
			if i < len(r.Met) && !r.Met[i] {
				v += " (missed)"
			}
			fmt.Fprintf(&b, " %s |", v)
		}
		fmt.Fprintf(&b, " %s |\n", strings.Join(r.Fingerprints, " "))
	}
	if n := c.Named; n != nil {
		fmt.Fprintf(&b, "\nWith the seed of the name, %d: %s\n", n.Seed, strings.Join(n.Fingerprints, " "))
	}
	data, err := json.Marshal(c)
	b.WriteString(dataBegins)
	b.Write(data)
	b.WriteString(dataEnds)
	return b.Bytes(), err
}

// ReadCertificate reads a certificate's page; one larger than a MiB is an error.
func ReadCertificate(r io.Reader) (c *Certificate, page []byte, err error) {
	page, err = readAtMost(r, maxCertificate)
	if err != nil {
		return nil, nil, err
	}
	_, data, found := strings.Cut(string(page), dataBegins)
	data, _, ends := strings.Cut(data, dataEnds)
	if !found || !ends {
		return nil, nil, errors.New("it is no certificate: there is no block of data at its end")
	}
	c = &Certificate{}
	if err := json.Unmarshal([]byte(data), c); err != nil {
		return nil, nil, fmt.Errorf("its data are damaged: %w", err)
	}
	if c.Version < unnamedVersion || c.Version > certificateVersion {
		return nil, nil, fmt.Errorf("this program reads versions %d to %d of certificates, not %d", unnamedVersion, certificateVersion, c.Version)
	}
	return c, page, nil
}

// Verify makes the runs of a certificate again, and lists what its page says otherwise;
// nothing if all of it is so. What was tried before cannot be verified.
func (c *Certificate) Verify(ctx context.Context, l *Lesson, page []byte, progress func(done, of int)) (differences []string, err error) {
	again := &Certificate{Version: c.Version, Name: c.Name, Lesson: c.Lesson, Step: c.Step, Changes: c.Changes, Design: c.Design, Tried: c.Tried}
	if err := again.run(ctx, l, len(c.Runs), progress); err != nil {
		return nil, err
	}
	if !slices.Equal(c.Goals, again.Goals) {
		differences = append(differences, "the goals are not those of the lesson")
	}
	for i, is := range again.Runs {
		said := c.Runs[i]
		if said.Seed != is.Seed {
			differences = append(differences, fmt.Sprintf("run %d: the page says seed %d, it is %d", i+1, said.Seed, is.Seed))
		}
		for k, v := range is.Values {
			if k >= len(said.Values) || said.Values[k] != v || k >= len(said.Met) || said.Met[k] != is.Met[k] {
				differences = append(differences, fmt.Sprintf("seed %d: the run gives %s for %s", is.Seed, v, again.Goals[k]))
			}
		}
		if !slices.Equal(said.Fingerprints, is.Fingerprints) {
			differences = append(differences, fmt.Sprintf("seed %d: the fingerprints are %s", is.Seed, strings.Join(is.Fingerprints, " ")))
		}
	}
	if is := again.Named; is != nil && (c.Named == nil || c.Named.Seed != is.Seed || !slices.Equal(c.Named.Fingerprints, is.Fingerprints)) {
		differences = append(differences, fmt.Sprintf("the page is not made for %s: with the seed of the name, %d, the fingerprints are %s", c.Name, is.Seed, strings.Join(is.Fingerprints, " ")))
	}
	if is, err := again.Page(); err == nil && len(differences) == 0 && !bytes.Equal(is, page) {
		differences = append(differences, "the page does not say what its data say")
	}
	return differences, nil
}

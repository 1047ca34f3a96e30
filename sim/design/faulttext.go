package design

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/record"
	"asynclab/sim/spell"
)

// Faults as one line of text, as a change by hand carries them.

func (k FaultKind) String() string {
	return cmp.Or(k.Class().Word, fmt.Sprintf("fault(%d)", uint8(k)))
}

// maxFaultText bounds the length of a fault's text, in bytes.
const maxFaultText = 10_000

// ParseFault reads a fault that begins immediately and occurs once: its kind and
// target, then its options.
//
//	crash pay                    host_crash pay         pause pay
//	slow pay factor=5            errors pay rate=20%
//	cut shop->pay                cut shop<->pay         cut pay<->*,bus->mail
//
// with, in any order, instance=2, for=30s (or a distribution of times) and
// name=x. Without for it lasts until it is healed.
func ParseFault(text string) (Fault, error) {
	var f Fault
	if len(text) > maxFaultText {
		return f, FaultErrorf("", "the text of the fault is too long")
	}
	words := faultFields(text)
	if len(words) == 0 {
		return f, FaultErrorf("for example crash pay", "there is no fault")
	}
	kind, ok := FaultWord(words[0])
	if !ok || kind == FaultSet { // a parameter is set by a Change with its path
		var known []string
		for i := range FaultSet {
			known = append(known, i.String())
		}
		return f, FaultErrorf(spell.HintText(words[0], "faults", known), "there is no fault called %s", Quoted(words[0]))
	}
	f.Kind = kind
	if len(words) < 2 || strings.Contains(words[1], "=") {
		if f.Kind == FaultCut {
			return f, FaultErrorf("for example cut shop->pay, or shop<->pay for both ways", "the fault cuts nothing")
		}
		return f, FaultErrorf(spell.Textf("for example %s", words[0]+" pay"), "%s of which service or broker?", words[0])
	}
	if f.Kind != FaultCut {
		if err := f.parseMembers(words[1]); err != nil {
			return f, err
		}
	} else if err := f.parseCuts(words[1]); err != nil {
		return f, err
	}
	if err := f.parseOptions(words[2:]); err != nil {
		return f, err
	}
	return f, nil
}

func FaultErrorf(hint any, format string, args ...any) error {
	return Wrong(Inject, hint, format, args...)
}

// faultFields splits at blanks, but not inside brackets, and not around arrows.
func faultFields(text string) []string {
	for _, arrow := range []string{"<->", "->"} {
		parts := strings.Split(text, arrow)
		for i := range parts {
			parts[i] = strings.Trim(parts[i], " ")
		}
		text = strings.Join(parts, arrow)
	}
	depth := 0
	return strings.FieldsFunc(text, func(c rune) bool {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		return depth <= 0 && (c == ' ' || c == '\t')
	})
}

func (f *Fault) parseMembers(text string) error {
	for i, part := range strings.Split(text, ",") {
		m, ok := ParseMember(part)
		switch {
		case !ok:
			return FaultErrorf("write pay, or pay#2 for an instance, with commas between several", "%s is not a service or broker", Quoted(part))
		case i == 0:
			f.Node, f.Instance = m.Node, m.Instance
		default:
			f.Others = append(f.Others, m)
		}
	}
	return nil
}

func (f *Fault) parseCuts(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(part, "->")
		from, both := strings.CutSuffix(from, "<")
		if !ok || from == "" || to == "" || strings.Contains(to, "->") {
			return FaultErrorf("write shop->pay, or shop<->pay for both ways; * stands for every node", "%s is not a link", Quoted(part))
		}
		f.Cut = append(f.Cut, Cut{from, to})
		if both {
			f.Cut = append(f.Cut, Cut{to, from})
		}
	}
	return nil
}

func (f *Fault) parseOptions(words []string) error {
	seen := map[string]bool{}
	for _, word := range words {
		key, value, ok := strings.Cut(word, "=")
		if !ok || value == "" {
			return FaultErrorf(spell.Textf("options are %s: for=30s", strings.Join(faultOptions, ", ")), "%s is no option", Quoted(word))
		}
		if seen[key] {
			return FaultErrorf("", "%s is given twice", key)
		}
		seen[key] = true
		if err := f.option(key, value); err != nil {
			return err
		}
	}
	if c := f.Kind.Class(); c.Amount != "" && !seen[c.Amount] {
		return FaultErrorf(forExample(c), "%s by how much?", c.Word)
	}
	return nil
}

func forExample(c *FaultClass) spell.Text {
	return spell.Textf("for example %s", c.Amount+"="+c.Example)
}

// faultOptions are what may follow the node or the links of a fault, as in a scenario.
var faultOptions = []string{"factor", "rate", "instance", "for", "down", "up", "pick", "name"}

func (f *Fault) option(key, value string) error {
	field := Core.Fault.Field(key)
	switch {
	case !slices.Contains(faultOptions, key):
		return FaultErrorf(spell.HintText(key, "options", faultOptions), "there is no option %s", Quoted(key))
	case !field.Applies(f):
		return FaultErrorf("", "%s does not belong to %s", key, f.Kind)
	case key == "name":
		f.Name = value
		return nil
	}
	v, err := field.Parse(value)
	if err != nil {
		e := (&slot{Field: field}).wrong(Inject, value, err)
		e.Msg = key + ": " + e.Msg
		return e
	}
	field.Store(f, v)
	return nil
}

// FormatFault writes a fault as ParseFault reads it.
func FormatFault(f Fault) string {
	var b strings.Builder
	b.WriteString(f.Kind.String() + " ")
	if f.Kind != FaultCut {
		b.WriteString(f.Node)
		if f.Instance > 0 && len(f.Others) > 0 {
			b.WriteString("#" + strconv.Itoa(f.Instance))
		}
		for _, m := range f.Others {
			b.WriteString("," + m.String())
		}
	}
	for i := 0; i < len(f.Cut); i++ {
		if i > 0 {
			b.WriteString(",")
		}
		c := f.Cut[i]
		if i+1 < len(f.Cut) && f.Cut[i+1] == (Cut{c.To, c.From}) {
			b.WriteString(c.From + "<->" + c.To)
			i++
		} else {
			b.WriteString(c.From + "->" + c.To)
		}
	}
	if amount := f.Kind.AmountField(); amount != nil {
		b.WriteString(" " + amount.Key + "=" + amount.TextOf(f.Factor))
	}
	if f.Instance > 0 && len(f.Others) == 0 {
		b.WriteString(" instance=" + strconv.Itoa(f.Instance))
	}
	for _, d := range []struct {
		key  string
		has  bool
		dist draw.Dist
	}{{"for", f.HasFor, f.For}, {"down", f.HasDown, f.Down}, {"up", f.HasUp, f.Up}} {
		if d.has {
			b.WriteString(" " + d.key + "=" + d.dist.In(draw.Seconds).String())
		}
	}
	if f.Pick > 0 {
		b.WriteString(" pick=" + strconv.Itoa(f.Pick))
	}
	if f.Name != "" {
		b.WriteString(" name=" + f.Name)
	}
	return b.String()
}

// Called is the name of a fault, unless that is taken: its own, or one made from
// its kind and target, such as crash-pay.
func (f *Fault) Called() string {
	parts := []string{strings.ReplaceAll(f.Kind.String(), "_", "-")}
	if f.Kind != FaultCut {
		parts = append(parts, f.Node)
	} else if len(f.Cut) > 0 {
		parts = append(parts, strings.Trim(f.Cut[0].From, "*"), strings.Trim(f.Cut[0].To, "*"))
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	name := []rune(strings.Join(parts, "-"))
	return cmp.Or(f.Name, string(name[:min(len(name), MaxName/4)]))
}

// OwnName is the name that somebody gave to a fault; "" if it is one that Called makes.
func (f *Fault) OwnName() string {
	if strings.HasPrefix(f.Name, f.Kind.String()+"-") {
		return ""
	}
	return f.Name
}

// PathWords is a parameter as it is told: its element, as the picture calls it, the handler
// it belongs to, and its key. service.pay.on.charge.work.mean is "pay · charge: work.mean".
func PathWords(path string, name func(node string) string) string {
	called := func(node string) string { return cmp.Or(name(node), node) }
	kind, rest, ok := strings.Cut(path, ".")
	if !ok {
		return path
	}
	if link, key := (Setting{Path: path}).Link(); link != "" {
		for _, arrow := range [...]string{"<->", "->"} {
			if from, to, ok := strings.Cut(link, arrow); ok {
				return called(from) + " " + arrow + " " + called(to) + ": " + key
			}
		}
		return link + ": " + key
	}
	element, key, ok := strings.Cut(rest, ".")
	if !ok {
		return path
	}
	told := called(element)
	if broker, queue, ok := strings.Cut(element, "/"); ok && kind == "queue" && told == element {
		told = called(broker) + "/" + queue
	}
	if after, ok := strings.CutPrefix(key, "on."); ok {
		if handler, step, ok := strings.Cut(after, "."); ok {
			told, key = told+" · "+handler, step
		}
	}
	return told + ": " + key
}

// Sentence is what a fault does, in words: "pay crashes". name is how nodes are called,
// "" where that is their id; nil: all by their ids.
func (f *Fault) Sentence(v record.Voice, name func(node string) string) string {
	called := func(node string) string {
		if name == nil {
			return node
		}
		return cmp.Or(name(node), node)
	}
	c := f.Kind.Class()
	var who []string
	for _, m := range f.Members() {
		if m.Instance > 0 {
			who = append(who, v.Sayf(instanceOf, m.Instance, called(m.Node)))
			continue
		}
		who = append(who, called(m.Node))
	}
	for _, c := range f.Cut {
		who = append(who, called(c.From)+" -> "+called(c.To))
	}
	for _, s := range f.Set {
		path := s.Path
		if name != nil {
			path = PathWords(path, name)
		}
		who = append(who, path+" = "+s.Value)
	}
	target := v.Listed(who)
	if f.Pick > 0 {
		target = v.Sayf(pickedOf, f.Pick, target)
	}
	amount := ""
	if field := f.Kind.AmountField(); field != nil {
		amount = field.TextOf(f.Factor)
	}
	return v.Sayf(sentenceOf(c), target, amount)
}

// instanceOf is one instance of a service.
var instanceOf = record.Word{ID: "fault.instance-of", English: "instance %d of %s"}

// pickedOf is a number of several nodes, picked by the seed.
var pickedOf = record.Word{ID: "fault.picked-of", English: "%d of %s"}

// sentenceOf is the pattern of Sentence; its arguments are numbered, because not
// every kind has an amount.
func sentenceOf(c *FaultClass) record.Word {
	return record.Word{ID: "fault." + c.Word + ".sentence", English: c.Text}
}

// FaultWords are the words of faults that need a translation.
func FaultWords() []record.Word {
	all := []record.Word{instanceOf, pickedOf}
	for i := range FaultClasses {
		all = append(all, sentenceOf(&FaultClasses[i]))
	}
	return all
}

// Words is the text of a fault without its name.
func (f *Fault) Words() string {
	g := *f
	g.Name = ""
	return FormatFault(g)
}

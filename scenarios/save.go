package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"asynclab/scenarios/files"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
)

// changesKey is the section that saving rewrites; the rest of the text of a scenario
// stays unchanged.

const changesKey = "changes"

// WithChanges returns the text of a scenario with its changes replaced by these, or
// without the section if there are none. Everything else, comments included, stays
// unchanged. fsys and name are those of Parse, which checks the result: an error
// lists the mistakes that it would have.
func WithChanges(fsys fs.FS, name string, source []byte, changes []Change) ([]byte, error) {
	before, err := rootOf(name, source)
	if err != nil {
		return nil, err
	}
	text := string(source)
	newline := "\n"
	if strings.Contains(text, "\r\n") {
		newline = "\r\n"
	}
	lines := strings.SplitAfter(text, "\n")
	from, to := changesSection(before, lines)
	var b strings.Builder
	for _, line := range lines[:from] {
		b.WriteString(line)
	}
	if s := b.String(); len(changes) > 0 && s != "" && !strings.HasSuffix(s, "\n") {
		b.WriteString(newline)
	}
	b.WriteString(changesText(changes, newline))
	for _, line := range lines[to:] {
		b.WriteString(line)
	}
	out := []byte(b.String())
	s, err := Parse(fsys, name, out)
	if err != nil {
		return nil, fmt.Errorf("with the changes the scenario is not valid: %w", err)
	}
	after, err := rootOf(name, out)
	if err != nil {
		return nil, err
	}
	if !sameButChanges(before, after) || !slices.Equal(s.Changes, canonicalChanges(changes)) {
		return nil, errors.New("the changes cannot be put into this file: write its keys at the beginning of lines")
	}
	return out, nil
}

// rootOf parses a file into a tree; the root must be a mapping.
func rootOf(name string, source []byte) (*yamltree.Node, error) {
	r := yamltree.New(name, string(source), format)
	root := parseTree(r, bytes.TrimPrefix(source, []byte("\ufeff")))
	if err := r.Err(); err != nil {
		return nil, err
	}
	if root.Shape != yamltree.Mapping {
		return nil, fmt.Errorf("%s is not a scenario", name)
	}
	return root, nil
}

// changesSection finds the lines of the changes section, from (included) to to
// (excluded); without one, both are the end of the document.
func changesSection(root *yamltree.Node, lines []string) (from, to int) {
	end := len(lines)
	for i, line := range lines {
		if i > 0 && (strings.HasPrefix(line, "...") || strings.HasPrefix(line, "---")) && i >= root.Line {
			end = i // of the document
			break
		}
	}
	for i, p := range root.Pairs {
		if p.Key.Text != changesKey {
			continue
		}
		from, to = p.Key.Line-1, end
		if i+1 < len(root.Pairs) {
			to = root.Pairs[i+1].Key.Line - 1
		}
		// Blank lines and unindented comments before the next key belong to it.
		for to > from+1 && (strings.TrimSpace(lines[to-1]) == "" || strings.HasPrefix(lines[to-1], "#")) {
			to--
		}
		return from, to
	}
	return end, end
}

// changesText formats the changes section, one change per line.
func changesText(changes []Change, newline string) string {
	if len(changes) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(changesKey + ":" + newline)
	for _, c := range changes {
		b.WriteString("  - {at: " + draw.ExactDuration(c.At))
		if c.Design != "" {
			b.WriteString(", design: " + plain(c.Design))
		}
		switch c.Path {
		case "inject", "heal":
			b.WriteString(", " + c.Path + ": " + plain(c.Value))
		default:
			b.WriteString(", set: " + plain(c.Path) + ", to: " + plain(c.Value))
		}
		b.WriteString("}" + newline)
	}
	return b.String()
}

var (
	plainText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[\p{L}0-9][\p{L}0-9_./%>*<=-]*( [\p{L}0-9][\p{L}0-9_./%>*<=-]*)*$`)
	})
	nullWords = []string{"null", "Null", "NULL"}
)

// plain formats a text for use inside braces, quoted if necessary.
func plain(text string) string {
	if plainText().MatchString(text) && !slices.Contains(nullWords, text) {
		return text
	}
	return strconv.Quote(text)
}

// canonicalChanges returns changes in the spelling that reading them gives.
func canonicalChanges(changes []Change) []Change {
	out := slices.Clone(changes)
	for i := range out {
		out[i].Path = canonical(out[i].Path)
		if out[i].Path == "inject" {
			out[i].Value = canonical(out[i].Value)
		}
	}
	return out
}

// sameButChanges compares two files, ignoring their changes sections.
func sameButChanges(a, b *yamltree.Node) bool {
	rest := func(n *yamltree.Node) []yamltree.Pair {
		return slices.DeleteFunc(slices.Clone(n.Pairs), func(p yamltree.Pair) bool { return p.Key.Text == changesKey })
	}
	return slices.EqualFunc(rest(a), rest(b), samePair)
}

func samePair(a, b yamltree.Pair) bool { return a.Key.Text == b.Key.Text && sameNode(a.Val, b.Val) }

func sameNode(a, b *yamltree.Node) bool {
	return a.Shape == b.Shape && a.Text == b.Text && slices.EqualFunc(a.Items, b.Items, sameNode) && slices.EqualFunc(a.Pairs, b.Pairs, samePair)
}

// Save writes the text that Load has read into a file, with its changes replaced by
// these. Data files are not copied: a scenario with data files can be saved only
// into a folder that has them. The file is written as a whole; after an error, an
// old file is unchanged.
func (s *Scenario) Save(file string, changes []Change) error {
	dir := filepath.Dir(file)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("save %s: %w", file, err)
	}
	defer root.Close()
	for _, name := range s.DataFiles {
		if _, err := root.Stat(filepath.FromSlash(name)); err != nil {
			return fmt.Errorf("save %s: the scenario reads the file %s, which is not there: copy it into the folder %s first", file, name, dir)
		}
	}
	out, err := WithChanges(root.FS(), filepath.Base(file), s.source, changes)
	if err != nil {
		return fmt.Errorf("save %s: %w", file, err)
	}
	if err := files.Write(file, out, 0o644); err != nil {
		return fmt.Errorf("save %s: %w", file, err)
	}
	return nil
}

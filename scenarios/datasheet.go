package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"asynclab/sim/spell"
)

// sheet reads the rows of a data file, which has one column, or several as CSV with
// commas, semicolons or tabs. Blank lines and comments after # are skipped; of
// several columns, # begins a comment only at the beginning of a line.
type sheet struct {
	rest []byte
	line int         // of the row that was read last, from 1
	csv  *csv.Reader // nil: one column
}

func newSheet(text []byte) (*sheet, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, spell.Mistakef("it is UTF-16 text: save it as CSV in UTF-8")
	}
	s := &sheet{rest: bytes.TrimPrefix(text, []byte("\ufeff"))}
	for line := range bytes.Lines(s.rest) {
		first := uncommented(line)
		if first == "" {
			continue
		}
		if comma := separator(first); comma != 0 {
			s.csv = csv.NewReader(bytes.NewReader(s.rest))
			s.csv.Comma, s.csv.Comment, s.csv.FieldsPerRecord, s.csv.ReuseRecord = comma, '#', -1, true
		}
		break
	}
	return s, nil
}

// uncommented is a line of one column without its comment.
func uncommented(line []byte) string {
	text, _, _ := bytes.Cut(line, []byte("#"))
	return string(bytes.TrimSpace(text))
}

// separator is the most frequent of comma, semicolon and tab outside of quotes; 0 if
// there is none.
func separator(line string) rune {
	marks, counts, quoted := ",;\t", [3]int{}, false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		} else if m := strings.IndexByte(marks, line[i]); m >= 0 && !quoted {
			counts[m]++
		}
	}
	best := 0
	for m, n := range counts {
		if n > counts[best] {
			best = m
		}
	}
	if counts[best] == 0 {
		return 0
	}
	return rune(marks[best])
}

// next returns the cells of the next row, without the space around them; they are
// valid until the next call. After the last row the error is io.EOF.
func (s *sheet) next() ([]string, error) {
	for s.csv == nil && len(s.rest) > 0 {
		line := s.rest
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		s.rest = s.rest[len(line):]
		s.line++
		text := uncommented(line)
		if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
		if text != "" {
			return []string{text}, nil
		}
	}
	if s.csv == nil {
		return nil, io.EOF
	}
	for {
		cells, err := s.csv.Read()
		if err != nil {
			var wrong *csv.ParseError
			if errors.As(err, &wrong) {
				return nil, spell.Mistakef("line %d: a quote is not closed, or not at the ends of its cell: a quote inside of a cell is written twice", wrong.StartLine)
			}
			return nil, err
		}
		s.line, _ = s.csv.FieldPos(0)
		blank := true
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			blank = blank && cells[i] == ""
		}
		if !blank && !strings.HasPrefix(cells[0], "#") {
			return cells, nil
		}
	}
}

// isHeader reports whether the first row holds the names of the columns: the one
// that is wanted, or no cell that looks like data.
func isHeader(cells []string, column string) bool {
	for _, c := range cells {
		if c == column && !isNumber(column) {
			return true
		}
	}
	for _, c := range cells {
		if _, err := strconv.ParseFloat(c, 64); err == nil || c != "" && strings.IndexByte("0123456789+-.", c[0]) >= 0 {
			return false
		}
	}
	return true
}

func isNumber(column string) bool { return column != "" && strings.Trim(column, "0123456789") == "" }

// column finds the index of a column by its name or number.
func column(cells []string, header bool, want string) (int, error) {
	switch {
	case want == "" && len(cells) == 1:
		return 0, nil
	case want == "":
		return 0, spell.Mistakef("it has %d columns, %s: name one, such as column=%s", len(cells), columnList(cells, header), columnWord(cells, header, len(cells)-1))
	case isNumber(want):
		n, err := strconv.Atoi(want)
		if err != nil || n < 1 || n > len(cells) {
			return 0, spell.Mistakef("it has no column %.20s, only %s", want, columnList(cells, header))
		}
		return n - 1, nil
	case !header:
		return 0, spell.Mistakef("the first row has no names of columns: give the number of one, such as column=%d, or add a header line", len(cells))
	}
	found := -1
	for i, c := range cells {
		if c == want && found >= 0 {
			return 0, spell.Mistakef("two columns are called %.60q: give the number, column=%d or column=%d", want, found+1, i+1)
		}
		if c == want {
			found = i
		}
	}
	if found < 0 {
		hint := spell.NearOr(want, cells[:min(len(cells), 100)], spell.Textf("it has %s", columnList(cells, header)))
		return 0, spell.Mistakef("it has no column %.60q (%s)", want, hint)
	}
	return found, nil
}

const maxListed = 10 // columns in a message

// columnList lists the columns of a file for messages: names, or numbers with what is
// in the first row.
func columnList(cells []string, header bool) string {
	var all []string
	for i, c := range cells[:min(len(cells), maxListed)] {
		if header {
			all = append(all, columnWord(cells, header, i))
		} else {
			all = append(all, fmt.Sprintf("%d (%.30q)", i+1, c))
		}
	}
	if len(cells) > maxListed {
		all = append(all, "…")
	}
	return strings.Join(all, ", ")
}

// columnWord is how a column is named in an expression.
func columnWord(cells []string, header bool, i int) string {
	switch c := cells[i]; {
	case !header || c == "" || isNumber(c):
		return strconv.Itoa(i + 1)
	case validName(c) && len(c) <= 60:
		return c
	default:
		return fmt.Sprintf("%.60q", c)
	}
}

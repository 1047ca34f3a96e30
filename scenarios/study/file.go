package study

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"time"

	"asynclab/scenarios/files"
)

// Limits of a file of results.
const (
	maxLine     = 16 << 20 // bytes
	maxFileSize = 2 << 30
	syncEvery   = time.Second // the most that a crash of the machine loses
)

// Header is the first line of a file of results: what they are results of.
type Header struct {
	Asynclab string `json:"asynclab"` // "sweep"
	Format   int    `json:"format"`
	Version  string `json:"version"` // of the program
	Scenario string `json:"scenario"`
	Hash     string `json:"hash"` // of the scenario's text and data files
	Plan     []Part `json:"plan"`
	Asked    []Part `json:"asked,omitempty"` // how the sweep that began the file was asked for; another may go on in it
}

// Get is the value of a part of the plan, or of what was asked for; "" if there is none.
func (h *Header) Get(name string) string {
	for _, p := range append(h.Plan[:len(h.Plan):len(h.Plan)], h.Asked...) {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// ReadHeader says what a file of results is of.
func ReadHeader(name string) (h Header, err error) {
	f, err := files.OpenPath(name)
	if err != nil {
		return h, inputf(name, "name a plain file", "%v", files.Reason(err))
	}
	defer f.Close()
	text, err := readLine(bufio.NewReaderSize(f, 1<<16))
	if err != nil && !errors.Is(err, io.EOF) {
		return h, inputf(name, "", "cannot be read: %v", files.Reason(err))
	}
	if err := json.Unmarshal(text, &h); err != nil || h.Asynclab != "sweep" || h.Format != fileFormat {
		return h, inputf(name, "name a file that asynclab sweep --file has written", "is not a file of results of a sweep")
	}
	return h, nil
}

// Part is one thing that was asked for: "vary", "load.users.rate=1/s..9/s:11".
type Part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const fileFormat = 1

// File keeps the results of jobs, a line each, in the order in which they came. A line
// is written in one piece, so that what a killed process leaves is whole lines and at
// most one torn line at the end, which is dropped.
type File struct {
	Name    string
	Resumed int  // results that were there
	Torn    bool // a torn line was dropped

	f      *os.File
	known  map[string][]byte
	synced time.Time
}

type line struct {
	Job    string          `json:"job"`
	CRC    uint32          `json:"crc"` // of the result's bytes
	Result json.RawMessage `json:"result"`
}

// OpenFile opens a file of results, or begins one. A file of another scenario, version or
// plan is refused, and so is one that another process writes.
func OpenFile(name string, h Header) (*File, error) {
	h.Asynclab, h.Format = "sweep", fileFormat
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		head, err := json.Marshal(h)
		if err != nil {
			return nil, err
		}
		if err := files.Write(name, append(head, '\n'), 0o644); err != nil {
			return nil, inputf(name, "name a file in a folder that can be written", "cannot be written: %v", files.Reason(err))
		}
	}
	plain, err := files.OpenPath(name) // never waits for a pipe
	if err != nil {
		return nil, inputf(name, "name a plain file", "%v", files.Reason(err))
	}
	plain.Close()
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, inputf(name, "", "cannot be written: %v", files.Reason(err))
	}
	out := &File{Name: name, f: f, known: map[string][]byte{}, synced: time.Now()}
	if err := out.begin(h); err != nil {
		f.Close()
		return nil, err
	}
	return out, nil
}

func (f *File) begin(h Header) error {
	if err := lock(f.f); err != nil {
		return inputf(f.Name, "wait for it, or name another file", "another asynclab writes it")
	}
	if info, err := f.f.Stat(); err == nil && info.Size() > maxFileSize {
		return inputf(f.Name, "begin a new one", "larger than %d GiB", maxFileSize>>30)
	}
	whole, err := f.read(f.f, h)
	if err != nil {
		return err
	}
	if f.Torn {
		if err := f.f.Truncate(whole); err != nil {
			return inputf(f.Name, "", "cannot be written: %v", files.Reason(err))
		}
	}
	return nil
}

// read reads the lines and returns the length of the whole ones.
func (f *File) read(in io.Reader, h Header) (whole int64, err error) {
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		text, err := readLine(r)
		switch {
		case errors.Is(err, io.EOF):
			f.Torn = len(text) > 0 && n > 1
			if n == 1 {
				return 0, inputf(f.Name, "name another file, or a new one", "is not a file of results")
			}
			return whole, nil
		case errors.Is(err, errLong):
			return 0, inputf(f.Name, "take a copy from before, or begin a new file", "line %d is longer than %d MiB", n, maxLine>>20)
		case err != nil:
			return 0, fmt.Errorf("%s: line %d: %w", f.Name, n, files.Reason(err))
		}
		if n == 1 {
			err = f.header(text, h)
		} else {
			err = f.line(text, n)
		}
		if err != nil {
			return 0, err
		}
		whole += int64(len(text)) + 1
	}
}

var errLong = errors.New("line too long")

// readLine returns a line without its end; io.EOF with what follows the last one.
func readLine(r *bufio.Reader) (text []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		text = append(text, part...)
		if len(text) > maxLine {
			return nil, errLong
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return text, err
		}
		return bytes.TrimSuffix(text, []byte("\n")), nil
	}
}

// header compares the first line with what is asked for.
func (f *File) header(text []byte, want Header) error {
	var h Header
	if err := json.Unmarshal(text, &h); err != nil || h.Asynclab != want.Asynclab {
		return inputf(f.Name, "name another file, or a new one", "is not a file of results of a sweep")
	}
	another := "name another file, or a new one"
	switch {
	case h.Format != want.Format:
		return inputf(f.Name, another, "has format %d, this program reads %d", h.Format, want.Format)
	case h.Version != want.Version:
		return inputf(f.Name, another+"; or finish it with that version", "is of version %s of asynclab, this is %s: results of two versions are not mixed", h.Version, want.Version)
	case h.Scenario != want.Scenario:
		return inputf(f.Name, another, "is of scenario %s, not of %s", h.Scenario, want.Scenario)
	case h.Hash != want.Hash:
		return inputf(f.Name, another+"; or undo the change", "is of another text of scenario %s: the scenario or its data files have changed since", h.Scenario)
	}
	get := func(parts []Part, name string) string {
		for _, p := range parts {
			if p.Name == name {
				return p.Value
			}
		}
		return ""
	}
	for _, p := range append(want.Plan, h.Plan...) {
		if old, now := get(h.Plan, p.Name), get(want.Plan, p.Name); old != now {
			return inputf(f.Name, another+"; or ask for the same", "is of another plan: %s %s there, %s here", p.Name, shown(old), shown(now))
		}
	}
	return nil
}

func shown(s string) string {
	if s == "" {
		return "(none)"
	}
	const most = 200
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// line takes a result.
func (f *File) line(text []byte, n int) error {
	var l line
	hint := "cut the file before this line to go on from there, or begin a new one"
	if err := json.Unmarshal(text, &l); err != nil || l.Job == "" || len(l.Result) == 0 {
		return inputf(f.Name, hint, "line %d is damaged: it is no result", n)
	}
	if crc32.ChecksumIEEE(l.Result) != l.CRC {
		return inputf(f.Name, hint, "line %d is damaged: its checksum is another", n)
	}
	f.known[l.Job] = l.Result
	f.Resumed = len(f.known)
	return nil
}

// Get returns the result of a job, if it is there.
func (f *File) Get(job string) ([]byte, bool) {
	r, ok := f.known[job]
	return r, ok
}

// Put appends the result of a job. When it returns, the line survives the end of this
// process; within a second also that of the machine.
func (f *File) Put(job string, result []byte) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, result); err != nil {
		return fmt.Errorf("%s: result of job %s: %w", f.Name, job, err)
	}
	result = compact.Bytes()
	// By hand: json.Marshal would change the bytes of the result, "->" into "-\u003e".
	text := fmt.Appendf(nil, "{\"job\":%q,\"crc\":%d,\"result\":%s}\n", job, crc32.ChecksumIEEE(result), result)
	if _, err := f.f.Write(text); err != nil {
		return fmt.Errorf("%s cannot be written: %w; what is there can be resumed", f.Name, files.Reason(err))
	}
	f.known[job] = result
	if time.Since(f.synced) < syncEvery {
		return nil
	}
	f.synced = time.Now()
	return f.sync()
}

func (f *File) sync() error {
	if err := f.f.Sync(); err != nil {
		return fmt.Errorf("%s cannot be written: %w; what is there can be resumed", f.Name, files.Reason(err))
	}
	return nil
}

// Close makes the results last.
func (f *File) Close() error {
	err := f.sync()
	if e := f.f.Close(); err == nil && e != nil {
		err = e
	}
	return err
}

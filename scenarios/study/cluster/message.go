package cluster

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/study"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// place is where a copy of a job, and its result, are on the server.
type place struct {
	scenario, job string // hashes
	copy          string // "1"; of a job that runs twice also "2"
}

func (l *Link) jobSubject(p place) string    { return l.subject("job", p) }
func (l *Link) resultSubject(p place) string { return l.subject("result", p) }

func (l *Link) subject(kind string, p place) string {
	return strings.Join([]string{"asynclab", kind, l.token, p.scenario, p.job, p.copy}, ".")
}

// placeOf reads a subject.
func placeOf(subject string) (place, bool) {
	parts := strings.Split(subject, ".")
	if len(parts) != 6 {
		return place{}, false
	}
	return place{parts[3], parts[4], parts[5]}, true
}

// copies lists the copies of a job. One job in a hundred runs twice, the same ones
// every time.
func copies(hash string) []string {
	n := 0
	for _, c := range hash {
		n = (n*16 + strings.IndexRune("0123456789abcdef", c)) % 100
	}
	if n == 0 {
		return []string{"1", "2"}
	}
	return []string{"1"}
}

// putScenario stores a scenario where workers find it.
func (l *Link) putScenario(ctx context.Context, b *scenarios.Bundle) error {
	info, err := l.store.GetInfo(ctx, b.Hash())
	if err == nil && time.Since(info.ModTime) < keep/2 {
		return nil
	}
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return err
	}
	_, err = l.store.PutBytes(ctx, b.Hash(), b.Encode())
	return err
}

// maxObject is the most bytes that are fetched from the store.
const maxObject = 80 << 20

// getScenario fetches a scenario by its hash.
func (l *Link) getScenario(ctx context.Context, hash string) (*scenarios.Bundle, error) {
	data, err := l.getObject(ctx, hash)
	if err != nil {
		return nil, err
	}
	b, err := scenarios.DecodeBundle(data)
	if err == nil && b.Hash() != hash {
		err = errors.New("the scenario on the server is not the one that the job names")
	}
	return b, err
}

func (l *Link) getObject(ctx context.Context, name string) ([]byte, error) {
	info, err := l.store.GetInfo(ctx, name)
	if err != nil {
		return nil, err
	}
	if info.Size > maxObject {
		return nil, fmt.Errorf("an object on the server has %d bytes, more than %d", info.Size, maxObject)
	}
	return l.store.GetBytes(ctx, name)
}

// Headers of a result.
const (
	workerHeader = "Asynclab-Worker"
	objectHeader = "Asynclab-Object" // where it is stored if it is too large for a message
)

// putResult stores a result. It is stored when putResult returns without an error.
func (l *Link) putResult(ctx context.Context, p place, worker string, r *study.Result) error {
	m := nats.NewMsg(l.resultSubject(p))
	m.Header.Set(workerHeader, worker)
	m.Data = r.Encode()
	if len(m.Data) > 2_000 { // less is not worth the time
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(m.Data)
		if err := errors.Join(err, z.Close()); err != nil {
			return err
		}
		m.Data = b.Bytes()
	}
	if int64(len(m.Data)) > l.conn.MaxPayload()-4096 {
		name := "result-" + p.job + "-" + p.copy
		if _, err := l.store.PutBytes(ctx, name, m.Data); err != nil {
			return err
		}
		m.Header.Set(objectHeader, name)
		m.Data = nil
	}
	_, err := l.js.PublishMsg(ctx, m)
	return err
}

// getResult reads a result from its message.
func (l *Link) getResult(ctx context.Context, header nats.Header, data []byte) (*study.Result, error) {
	if name := header.Get(objectHeader); name != "" {
		var err error
		if data, err = l.getObject(ctx, name); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(data, []byte("{")) {
		return study.DecodeResult(data)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	const limit = 8 * maxObject
	text, err := io.ReadAll(io.LimitReader(z, limit))
	if err != nil {
		return nil, err
	}
	return study.DecodeResult(text)
}

// dropResult removes a result that is not needed any more.
func (l *Link) dropResult(ctx context.Context, sequence uint64, object string) {
	// What stays is removed by its age.
	_ = l.results.DeleteMsg(ctx, sequence)
	if object != "" {
		_ = l.store.Delete(ctx, object)
	}
}

// report is what a worker says about itself.
type report struct {
	Name    string
	Version string
	Done    int
	Running []running
	Note    string `json:",omitempty"` // what keeps it from working
	Bye     bool   `json:",omitempty"` // it ends
}

type running struct {
	Job   string // hash
	Text  string // for people
	Share float64
}

// study is what a coordinator says about itself.
type announcement struct{ Version string }

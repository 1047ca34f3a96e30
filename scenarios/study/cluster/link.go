package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"asynclab/scenarios/files"
	"asynclab/scenarios/study"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Link is a connection to a server, with the streams and the store that are used
// there.
type Link struct {
	Shown string // the server, as it may be printed: without user and password

	conn    *nats.Conn
	js      jetstream.JetStream
	version string
	token   string // the version, as a part of subjects
	hint    string // what to do when no server answers
	wait    time.Duration

	jobs, results jetstream.Stream
	store         jetstream.ObjectStore

	embedded *server.Server
	folder   string // of the embedded server
	away     atomic.Bool
}

// Names on the server. Jobs and results have the subjects
// asynclab.job.VERSION.SCENARIO.JOB.COPY and asynclab.result.….
const (
	jobsName    = "asynclab-jobs"
	resultsName = "asynclab-results"
	storeName   = "asynclab"

	workerSubject = "asynclab.worker" // workers say what they do
	studySubject  = "asynclab.study"  // coordinators say that they are there
)

const (
	ackWait = 30 * time.Second   // after this without a sign of life a job goes to another worker
	keep    = 7 * 24 * time.Hour // of jobs, results and scenarios that nobody fetches
	timeout = 5 * time.Second    // of a request
)

// Dial connects to a server. version is that of the program (study.Build): only
// programs of the same version work together.
func Dial(ctx context.Context, s study.Server, version string) (*Link, error) {
	return dial(ctx, s, version, "start one with nats-server -js, or leave out --nats to run in this process")
}

// dial is Dial; hint says what to do when no server answers.
func dial(ctx context.Context, s study.Server, version, hint string) (*Link, error) {
	shown, err := redact(s.URL)
	if err != nil {
		return nil, err
	}
	l := newLink(shown, version)
	l.hint = hint
	var options []nats.Option
	if s.Creds != "" {
		f, err := files.OpenPath(s.Creds)
		if err != nil {
			return nil, serverError(fmt.Sprintf("cannot read the credentials %s: %v", s.Creds, files.Reason(err)), "--creds names the file that nsc or your provider has written", true, err)
		}
		_ = f.Close() // the client reads it
		options = append(options, nats.UserCredentials(s.Creds))
	}
	err = l.connect(ctx, s.URL, options...)
	if err != nil && s.Creds != "" && strings.Contains(err.Error(), "nkey") {
		err = serverError(fmt.Sprintf("the credentials in %s cannot be used: they have no seed of a key", s.Creds), "--creds names the file that nsc or your provider has written", true, err)
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

func newLink(shown, version string) *Link {
	sum := sha256.Sum256([]byte(version))
	return &Link{Shown: shown, version: version, token: hex.EncodeToString(sum[:6]), wait: ackWait}
}

// redact returns a URL without user and password.
func redact(list string) (string, error) {
	var shown []string
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			// The text may have a password in it: it is not shown.
			return "", serverError("--nats needs the URL of a server", "such as nats://localhost:4222", true, nil)
		}
		shown = append(shown, u.Host)
	}
	return strings.Join(shown, ","), nil
}

func (l *Link) connect(ctx context.Context, at string, options ...nats.Option) error {
	options = append(options,
		nats.Name("asynclab "+l.version), nats.Timeout(timeout), nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { l.away.Store(true) }),
		nats.ReconnectHandler(func(*nats.Conn) { l.away.Store(false) }),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // shown where it matters
	)
	var err error
	if l.conn, err = nats.Connect(at, options...); err != nil {
		return l.explain(err)
	}
	if err = l.open(ctx); err != nil {
		l.Close()
		return l.explain(err)
	}
	return nil
}

// open finds or makes the streams and the store.
func (l *Link) open(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	if l.js, err = jetstream.New(l.conn, jetstream.WithPublishAsyncTimeout(timeout), jetstream.WithDefaultTimeout(timeout)); err != nil {
		return err
	}
	storage := jetstream.FileStorage
	if l.embedded != nil {
		storage = jetstream.MemoryStorage
	}
	l.jobs, err = l.stream(ctx, jetstream.StreamConfig{
		Name: jobsName, Description: "jobs of asynclab, until a worker has stored their results",
		Subjects: []string{"asynclab.job.>"}, Retention: jetstream.WorkQueuePolicy, Storage: storage, MaxAge: keep, MaxMsgSize: maxMessage,
		// The same job waits once, however often it is asked for.
		MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, Duplicates: window,
	})
	if err != nil {
		return err
	}
	l.results, err = l.stream(ctx, jetstream.StreamConfig{
		Name: resultsName, Description: "results of jobs of asynclab, until they are fetched",
		Subjects: []string{"asynclab.result.>"}, Storage: storage, MaxAge: keep, MaxMsgsPerSubject: 1, AllowDirect: true, Duplicates: window,
	})
	if err != nil {
		return err
	}
	if l.store, err = l.js.ObjectStore(ctx, storeName); errors.Is(err, jetstream.ErrBucketNotFound) {
		l.store, err = l.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket: storeName, Description: "scenarios of asynclab with their data files", TTL: keep, Storage: storage,
		})
	}
	return err
}

const (
	maxMessage = 300_000          // bytes of a job
	window     = 10 * time.Second // in which a second message of the same id is dropped
)

func (l *Link) stream(ctx context.Context, c jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := l.js.Stream(ctx, c.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = l.js.CreateStream(ctx, c)
	}
	return s, err
}

// consumer is that by which workers of this version share the jobs.
func (l *Link) consumer(ctx context.Context) (jetstream.Consumer, error) {
	return l.js.CreateOrUpdateConsumer(ctx, jobsName, jetstream.ConsumerConfig{
		Durable: "workers-" + l.token, Description: "workers of version " + l.version, FilterSubject: "asynclab.job." + l.token + ".>",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: l.wait, MaxDeliver: -1, MaxAckPending: 10_000, MaxWaiting: 5_000, InactiveThreshold: keep,
	})
}

// Close ends the connection, and the embedded server with its data.
func (l *Link) Close() {
	if l.conn != nil {
		_ = l.conn.FlushTimeout(time.Second) // what cannot be sent any more is sent again by others
		l.conn.Close()
	}
	if l.embedded != nil {
		l.embedded.Shutdown()
		l.embedded.WaitForShutdown()
		_ = os.RemoveAll(l.folder) // in the folder for temporary files
	}
}

// explain says what an error means and what to do.
func (l *Link) explain(err error) error {
	var api *jetstream.APIError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.As(err, new(*study.ServerError)):
		return err
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		return serverError(fmt.Sprintf("the NATS server at %s has no JetStream", l.Shown), "start it with nats-server -js, or enable JetStream for the account", false, err)
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrNkeysNotSupported):
		return serverError(fmt.Sprintf("the NATS server at %s does not let this user in", l.Shown), "give --creds FILE, or nats://USER:PASSWORD@HOST", false, err)
	case full(err):
		return serverError(fmt.Sprintf("the storage of the NATS server at %s is full: %v", l.Shown, err), "results that have arrived are kept; give JetStream more storage and start again: what is done is not done again", false, err)
	case errors.As(err, &api):
		return serverError(fmt.Sprintf("the NATS server at %s refuses: %s", l.Shown, api.Description), "the account must be allowed to use the streams "+jobsName+" and "+resultsName+" and the object store "+storeName, false, err)
	case errors.Is(err, nats.ErrNoServers):
		return serverError(fmt.Sprintf("no NATS server answers at %s", l.Shown), l.hint, false, err)
	}
	return serverError(fmt.Sprintf("the server at %s does not answer as a NATS server: %v", l.Shown, err), "--nats names a NATS server, such as nats://localhost:4222", false, err)
}

func serverError(msg, hint string, input bool, cause error) *study.ServerError {
	return &study.ServerError{Msg: msg, Hint: hint, Input: input, Cause: cause}
}

// full reports whether the server has no room.
func full(err error) bool {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode {
	case 10023, 10028, 10047: // resources, memory, storage
		return true
	}
	return strings.Contains(api.Description, "maximum bytes exceeded") || strings.Contains(api.Description, "no space left")
}

// waits reports whether the job is in the stream already.
func waits(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "maximum messages per subject exceeded")
}

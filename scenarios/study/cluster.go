package study

import (
	"context"
	"fmt"
)

// Cluster runs jobs outside of this process: cluster.NATS. It is an interface because
// not every program links a message server.
type Cluster interface {
	// Open returns the runner of a venue with a server, and what ends it; ok is true
	// when the study has come to its end.
	Open(ctx context.Context, v Venue) (r Runner, end func(ok bool), err error)
	// Work takes jobs until ctx ends; the error is nil then.
	Work(ctx context.Context, h Helper) error
}

// Server says where a NATS server is and who asks.
type Server struct {
	URL   string // nats://host:4222, tls://…; several with commas; "embedded": in this process, for a Venue only
	Creds string // file with credentials; "" for none
}

// Venue says where the jobs of a study run.
type Venue struct {
	Server         // URL "": in this process, without a server
	Version string // of the program: Build
	Keep    bool   // the study has no file: what is done stays on the server until the end
	Status  func(Status)
}

// Open returns the runner of a venue, and what ends it, as Cluster does; c may be nil
// where the venue has no server.
func (v Venue) Open(ctx context.Context, c Cluster) (r Runner, end func(ok bool), err error) {
	switch {
	case v.URL != "":
		return c.Open(ctx, v)
	case v.Creds != "":
		return nil, nil, &ServerError{Msg: "--creds is for a NATS server, and none is named", Hint: "give --nats URL too", Input: true}
	}
	return &Local{Status: v.Status}, func(bool) {}, nil
}

// Helper is a worker: where it takes jobs, and how it tells what it does.
type Helper struct {
	Server
	Version string              // of the program: Build
	Slots   int                 // jobs at the same time, from 1
	Ready   func(server string) // it is connected; the server as it may be printed
	Say     func(text string)   // something a person should know; may be nil
	Tell    func(Working)       // progress; may be nil
}

// Working is what a worker does at the moment.
type Working struct {
	Done    int
	Running []string  // jobs, as a person reads them
	Share   []float64 // of each
	Away    bool      // the server does not answer
}

// ServerError is what is wrong with the server, and what to do.
type ServerError struct {
	Msg, Hint string
	Input     bool // a mistake in what names the server
	Cause     error
}

func (e *ServerError) Error() string { return e.Msg }
func (e *ServerError) Unwrap() error { return e.Cause }

// RefusedError is the error of a worker whose version is not that of the study.
type RefusedError struct{ Study, Worker string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("refused: the study on this server is of asynclab %s, this worker is %s", e.Study, e.Worker)
}

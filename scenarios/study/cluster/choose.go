package cluster

import (
	"context"
	"runtime"

	"asynclab/scenarios/study"
)

// NATS is the study.Cluster of this package.
type NATS struct{}

// Open implements study.Cluster.
func (NATS) Open(ctx context.Context, v study.Venue) (r study.Runner, end func(ok bool), err error) {
	var remote *Remote
	if v.URL == "embedded" {
		remote, err = Embedded(ctx, v.Version, runtime.GOMAXPROCS(0))
	} else {
		var l *Link
		if l, err = Dial(ctx, v.Server, v.Version); err == nil {
			remote = &Remote{Link: l, Keep: v.Keep}
		}
	}
	if err != nil {
		return nil, nil, err
	}
	remote.Status = v.Status
	return remote, func(ok bool) {
		if ok {
			remote.Done(ctx)
		}
		remote.Close()
	}, nil
}

// Work implements study.Cluster.
func (NATS) Work(ctx context.Context, h study.Helper) error {
	if h.URL == "embedded" {
		return &study.ServerError{Msg: "--nats embedded is a server inside the process of a study, and has its workers there", Hint: "a worker needs the URL of a server, such as nats://localhost:4222", Input: true}
	}
	l, err := dial(ctx, h.Server, h.Version, "start one with nats-server -js, and give its URL to the study too")
	if err != nil {
		return err
	}
	defer l.Close()
	h.Ready(l.Shown)
	return l.Work(ctx, &Worker{Slots: h.Slots, Say: h.Say, Tell: h.Tell})
}

package cluster

import (
	"context"
	"runtime"

	"asynclab/scenarios/study"
)

// Place says where the jobs of a command run.
type Place struct {
	Server         // URL "": in this process; "embedded": through a server in this process
	Version string // of the program: study.Build
	Keep    bool   // the study has no file: what is done stays on the server until the end
	Status  func(study.Status)
}

// Open returns the runner of a place, and what ends it; ok is true when the study has
// come to its end.
func Open(ctx context.Context, p Place) (r study.Runner, end func(ok bool), err error) {
	var remote *Remote
	switch {
	case p.URL == "" && p.Creds != "":
		return nil, nil, &Error{Msg: "--creds is for a NATS server, and none is named", Hint: "give --nats URL too", Input: true}
	case p.URL == "":
		return &study.Local{Status: p.Status}, func(bool) {}, nil
	case p.URL == "embedded":
		remote, err = Embedded(ctx, p.Version, runtime.GOMAXPROCS(0))
	default:
		var l *Link
		if l, err = Dial(ctx, p.Server, p.Version); err == nil {
			remote = &Remote{Link: l, Keep: p.Keep}
		}
	}
	if err != nil {
		return nil, nil, err
	}
	remote.Status = p.Status
	return remote, func(ok bool) {
		if ok {
			remote.Done(ctx)
		}
		remote.Close()
	}, nil
}

package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/study"

	"github.com/nats-io/nats-server/v2/server"
)

// serve starts a server in this process, with a socket.
func serve(t *testing.T, o server.Options) string {
	t.Helper()
	o.Host, o.Port, o.NoSigs, o.NoLog, o.StoreDir = "127.0.0.1", -1, true, true, t.TempDir()
	s, err := server.NewServer(&o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("not ready")
	}
	return s.Addr().String()
}

// A server that is away, that is something else, that has no JetStream or does not
// let one in: each is an error with a way on, and no password is ever in it.
func TestServers(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	ssh, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ssh.Close()
	go func() {
		for {
			c, err := ssh.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(c, "SSH-2.0-OpenSSH_9.2\r\n")
		}
	}()
	bare := serve(t, server.Options{})
	locked := serve(t, server.Options{JetStream: true, Username: "ann", Password: "right"})
	garbage := t.TempDir() + "/creds"
	if err := os.WriteFile(garbage, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s         study.Server
		msg, hint string
	}{
		{study.Server{URL: "nats://ann:hunter2@127.0.0.1:1"}, "no NATS server answers at 127.0.0.1:1", "nats-server -js"},
		{study.Server{URL: "127.0.0.1:1, ann:hunter2@localhost:1"}, "no NATS server answers at 127.0.0.1:1,localhost:1", "leave out --nats"},
		{study.Server{URL: "nats://ann:hunter2@nosuch.invalid"}, "at nosuch.invalid", "nats"},
		{study.Server{URL: "nats://ann:hunter2@:%zz"}, "--nats needs the URL of a server", "such as"},
		{study.Server{URL: ""}, "--nats needs the URL of a server", "such as"},
		{study.Server{URL: ssh.Addr().String()}, "does not answer as a NATS server", "--nats names a NATS server"},
		{study.Server{URL: web.Listener.Addr().String()}, "does not answer as a NATS server", "--nats names a NATS server"},
		{study.Server{URL: bare}, "the NATS server at " + bare + " has no JetStream", "nats-server -js"},
		{study.Server{URL: "nats://ann:hunter2@" + locked}, "the NATS server at " + locked + " does not let this user in", "--creds"},
		{study.Server{URL: locked}, "does not let this user in", "--creds"},
		{study.Server{URL: locked, Creds: "/nosuch"}, "cannot read the credentials /nosuch: no such file", "--creds"},
		{study.Server{URL: locked, Creds: garbage}, "the credentials in " + garbage + " cannot be used", "--creds"},
	} {
		_, err := Dial(context.Background(), c.s, testVersion)
		var e *study.ServerError
		if !errors.As(err, &e) || !strings.Contains(e.Msg, c.msg) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%s: %v (%+v)", c.s.URL, err, e)
		} else if strings.Contains(fmt.Sprint(e, e.Hint), "hunter2") {
			t.Errorf("%s: a secret is shown: %v", c.s.URL, e)
		}
	}
	l, err := Dial(context.Background(), study.Server{URL: "nats://ann:right@" + locked}, testVersion)
	if err != nil || l.Shown != locked {
		t.Fatalf("%v", err)
	}
	l.Close()
}

// On a server without room the results that have arrived are kept, the error says
// what to do, and with room the study goes on where it was.
func TestFullServer(t *testing.T) {
	o := server.Options{JetStream: true, JetStreamMaxStore: 40_000}
	at := serve(t, o)
	l, err := Dial(context.Background(), study.Server{URL: at}, testVersion)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	all := jobs(t, 200, 50*time.Second)
	n := 0
	err = (&Remote{Link: l}).Run(context.Background(), all, func(int, study.Result) error { n++; return nil })
	var e *study.ServerError
	if !errors.As(err, &e) || !strings.HasPrefix(e.Msg, "the storage of the NATS server at "+at+" is full: ") || !strings.Contains(e.Hint, "not done again") {
		t.Errorf("after %d results: %v", n, err)
	}
}

package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Embed starts a server inside this process, without a socket, and connects to it.
// Its streams are in memory; workers are those of this process.
func Embed(ctx context.Context, version string) (*Link, error) {
	folder, err := os.MkdirTemp("", "asynclab-nats-")
	if err != nil {
		return nil, fmt.Errorf("the embedded NATS server needs a folder: %w", err)
	}
	l := newLink("this process", version)
	l.folder = folder
	l.embedded, err = server.NewServer(&server.Options{
		DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: folder, JetStreamMaxMemory: 1 << 30, JetStreamMaxStore: 1 << 30,
	})
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, fmt.Errorf("the embedded NATS server: %w", err)
	}
	l.embedded.Start()
	if !l.embedded.ReadyForConnections(2 * timeout) {
		l.Close()
		return nil, errors.New("the embedded NATS server does not start")
	}
	if err := l.connect(ctx, "", nats.InProcessServer(l.embedded)); err != nil {
		return nil, err
	}
	return l, nil
}

package sequence_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/golden"
	"asynclab/sim/sequence"
)

func is(kind engine.RecordKind) func(engine.Record) bool {
	return func(r engine.Record) bool { return r.Kind == kind }
}

// stories are operations of real runs.
var stories = []struct {
	name string
	tell func(t *testing.T) sequence.Diagram
}{
	{"chain", func(t *testing.T) sequence.Diagram {
		s := library(t, "order-flow", "chain", 2*time.Minute, 2*time.Minute+time.Second)
		return s.diagram(s.first(t, 2*time.Minute, is(engine.OpConfirmed)))
	}},
	{"chain-down", func(t *testing.T) sequence.Diagram {
		s := library(t, "order-flow", "chain", 4*time.Minute, 4*time.Minute+5*time.Second)
		return s.diagram(s.first(t, 4*time.Minute, is(engine.OpFailed)))
	}},
	{"broker", func(t *testing.T) sequence.Diagram {
		s := library(t, "order-flow", "broker", 2*time.Minute, 2*time.Minute+time.Second)
		return s.diagram(s.first(t, 2*time.Minute, is(engine.OpConfirmed)))
	}},
	{"broker-down", func(t *testing.T) sequence.Diagram { // payment is down, and takes it from the queue half a minute later
		s := library(t, "order-flow", "broker", 4*time.Minute+time.Second, 5*time.Minute)
		return s.diagram(s.first(t, 0, is(engine.OpConfirmed)))
	}},
	{"hybrid-under-way", func(t *testing.T) sequence.Diagram { // payment is still down when the story ends
		s := library(t, "order-flow", "hybrid", 4*time.Minute+time.Second, 4*time.Minute+3*time.Second)
		return s.diagram(s.first(t, 4*time.Minute+time.Second, is(engine.OpAccepted)))
	}},
	{"dominoes-redelivered", func(t *testing.T) sequence.Diagram {
		s := library(t, "dominoes", "broker", 0, time.Minute)
		return s.diagram(s.first(t, 0, func(r engine.Record) bool { return r.Message == engine.NackMessage && r.Kind == engine.MsgSent }))
	}},
	{"order-queue-crash", func(t *testing.T) sequence.Diagram {
		s := library(t, "order-queue", "manual", 0, 5*time.Minute)
		return s.diagram(s.first(t, 0, func(r engine.Record) bool { return r.Kind == engine.TaskStarted && r.Resend }))
	}},
	{"lost-and-retried", func(t *testing.T) sequence.Diagram {
		s := parsed(t, lossy, 30*time.Second)
		return s.diagram(s.first(t, 0, is(engine.MsgLost)))
	}},
	{"duplicated", func(t *testing.T) sequence.Diagram {
		s := parsed(t, lossy, 30*time.Second)
		return s.diagram(s.first(t, 0, is(engine.MsgDuplicated)))
	}},
	{"dead-lettered", func(t *testing.T) sequence.Diagram {
		s := parsed(t, poison, 30*time.Second)
		return s.diagram(s.first(t, 0, is(engine.CopyDeadLettered)))
	}},
	{"parallel", func(t *testing.T) sequence.Diagram {
		s := parsed(t, fan, 10*time.Second)
		return s.diagram(s.first(t, 0, is(engine.OpConfirmed)))
	}},
}

const lossy = `
version: 1
name: lossy
run: {duration: 1min, seed: 3}
load: {web: {to: shop/order, arrivals: constant(2/s), timeout: 3s}}
services:
  shop: {workers: 4, on: {order: [work: 5ms, {call: pay/charge, timeout: 200ms, retry: {attempts: 3, backoff: 100ms}}]}}
  pay: {workers: 1, on: {charge: [work: exp(60ms)]}}
links:
  default: {latency: exp(10ms)}
  shop -> pay: {latency: exp(10ms), loss: 20%, duplicate: 20%}
`

const poison = `
version: 1
name: poison
run: {duration: 1min, seed: 3}
load: {web: {to: shop/order, arrivals: constant(2/s)}}
brokers: {mq: {queues: {orders: {max_deliveries: 2, dead_letter: failed}, failed: {}}}}
services:
  shop: {workers: 4, on: {order: [work: 5ms, publish: mq/orders]}}
  pay: {workers: 1, errors: 60%, consumes: {mq/orders: charge}, on: {charge: [work: 20ms]}}
  clerk: {workers: 1, consumes: {mq/failed: look}, on: {look: [work: 3s]}}
links: {default: {latency: 2ms}}
`

const fan = `
version: 1
name: fan
run: {duration: 1min, seed: 3}
load: {web: {to: page/show, arrivals: constant(1/s)}}
services:
  page:
    on:
      show:
        - work: 5ms
        - parallel: [[call: news/get], [call: ads/get], [call: mail/count]]
        - work: 10ms
  news: {on: {get: [work: 30ms]}}
  ads: {on: {get: [work: 80ms]}}
  mail: {on: {count: [work: 20ms]}}
`

func TestGolden(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			d := s.tell(t)
			var text, ascii, svg bytes.Buffer
			for _, err := range []error{
				sequence.Text(&text, &d, sequence.TextOptions{}),
				sequence.Text(&ascii, &d, sequence.TextOptions{ASCII: true}),
				sequence.SVG(&svg, &d, sequence.Arrange(&d, sequence.Options{}), nil, sequence.Theme{Title: s.name, Background: true}),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			golden.Equal(t, "testdata/"+s.name+".txt", text.Bytes())
			golden.Equal(t, "testdata/"+s.name+".svg", svg.Bytes())
			wellFormed(t, svg.Bytes())
		})
	}
}

func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
}

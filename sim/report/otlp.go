package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/sequence"
)

// The JSON of OTLP: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
// Tools take a time of 0 for none, so simulated time begins on 1 January 2000, UTC.
const otlpEpoch = 946_684_800_000_000_000

// The kinds of spans of OpenTelemetry.
const (
	otlpInternal = 1
	otlpServer   = 2
	otlpClient   = 3
	otlpProducer = 4
	otlpConsumer = 5
)

type otlpFile struct {
	ResourceSpans []otlpResource `json:"resourceSpans"`
}

type otlpResource struct {
	Resource struct {
		Attributes []otlpAttribute `json:"attributes"`
	} `json:"resource"`
	ScopeSpans []otlpScope `json:"scopeSpans"`
}

type otlpScope struct {
	Scope struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	} `json:"scope"`
	Spans []otlpSpan `json:"spans"`
}

type otlpSpan struct {
	TraceID    string          `json:"traceId"`
	SpanID     string          `json:"spanId"`
	Parent     string          `json:"parentSpanId,omitempty"`
	Name       string          `json:"name"`
	Kind       int             `json:"kind"`
	Start      string          `json:"startTimeUnixNano"`
	End        string          `json:"endTimeUnixNano"`
	Attributes []otlpAttribute `json:"attributes,omitempty"`
	Status     *otlpStatus     `json:"status,omitempty"`
}

type otlpStatus struct {
	Code    int    `json:"code"` // 2: error
	Message string `json:"message,omitempty"`
}

type otlpAttribute struct {
	Key   string    `json:"key"`
	Value otlpValue `json:"value"`
}

type otlpValue struct {
	String string `json:"stringValue"`
}

func attribute(key, value string) otlpAttribute { return otlpAttribute{key, otlpValue{value}} }

func (t *Traces) otlp(w io.Writer) error {
	var file otlpFile
	for _, f := range t.Followed {
		of := map[string]int{} // resources, by name
		for i := range f.Trace.Spans {
			name := owner(f.Trace.Spans, i)
			at, ok := of[name]
			if !ok {
				at = len(file.ResourceSpans)
				of[name] = at
				r := otlpResource{ScopeSpans: make([]otlpScope, 1)}
				r.Resource.Attributes = []otlpAttribute{attribute("service.name", name), attribute("asynclab.scenario", t.Scenario), attribute("asynclab.design", f.Design)}
				r.ScopeSpans[0].Scope.Name, r.ScopeSpans[0].Scope.Version = "asynclab", t.Version
				file.ResourceSpans = append(file.ResourceSpans, r)
			}
			spans := &file.ResourceSpans[at].ScopeSpans[0].Spans
			*spans = append(*spans, t.otlpSpan(f, i))
		}
	}
	return indented(w, file)
}

// owner is the element that would report a span: calls and messages are reported by whoever
// sends them.
func owner(spans []sequence.TraceSpan, i int) string {
	x := &spans[i]
	if x.Cause >= 0 && (x.Kind == sequence.CallSpan || x.Kind == sequence.PublishSpan) {
		x = &spans[x.Cause]
	}
	name, _, _ := strings.Cut(x.Name, "/")
	return name
}

func (t *Traces) otlpSpan(f *sim.Followed, i int) otlpSpan {
	x := &f.Trace.Spans[i]
	id := func(n int) string {
		return fmt.Sprintf("%016x", draw.Mix(draw.Mix(draw.HashString(f.Design+"/"+f.Load), f.Number), uint64(n)))
	}
	trace := draw.HashString(fmt.Sprintf("%s/%s/%s/%d/%d", t.Scenario, f.Design, f.Load, f.Number, t.Seed))
	at := func(s float64) string { return strconv.FormatInt(otlpEpoch+int64(f.Trace.Start)+int64(s), 10) }
	out := otlpSpan{
		TraceID: fmt.Sprintf("%016x%016x", trace, draw.Mix(trace, uint64(x.Trace))), SpanID: id(i),
		Name: x.Name, Start: at(float64(x.From)), End: at(float64(x.To)), Kind: otlpInternal,
		Attributes: []otlpAttribute{attribute("asynclab.kind", x.Kind.String())},
	}
	if x.Parent >= 0 {
		out.Parent = id(x.Parent)
	}
	switch x.Kind {
	case sequence.CallSpan:
		out.Kind = otlpClient
	case sequence.PublishSpan:
		out.Kind = otlpProducer
	case sequence.TaskSpan:
		out.Kind = otlpServer
		if x.Cause >= 0 && f.Trace.Spans[x.Cause].Kind == sequence.QueueSpan {
			out.Kind = otlpConsumer
		}
	case sequence.OperationSpan, sequence.QueueSpan:
	}
	if x.Try > 1 {
		out.Attributes = append(out.Attributes, attribute("asynclab.try", strconv.Itoa(x.Try)))
	}
	for _, p := range x.Parts {
		out.Attributes = append(out.Attributes, attribute("asynclab."+strings.ReplaceAll(p.State.String(), " ", "_"), (p.To-p.From).String()))
	}
	if x.Outcome != "" {
		out.Status = &otlpStatus{2, x.Outcome}
	}
	return out
}

package scenarios

import (
	"asynclab/scenarios/yamltree"
	"regexp"
	"strings"
	"testing"
)

// Files of other programs are answered with one mistake that says so.
func TestForeignFiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"version: \"3\"\nservices:\n  web: {image: nginx, ports: [80]}\n", "a Docker Compose file"},
		{"services:\n  web: {build: .}\nvolumes: {data: {}}\n", "a Docker Compose file"},
		{"asyncapi: 2.6.0\ninfo: {title: shop}\nchannels: {}\n", "an AsyncAPI document"},
		{"openapi: 3.1.0\npaths: {}\n", "an OpenAPI document"},
		{"defaults: {type: http}\nservices:\n- name: front\n  script: [{call: back}]\n- name: back\n", "a service graph of isotope"},
		{`{"microservices": [{"name": "front", "operations": []}]}`, "an architecture of MiSim"},
		{"apiVersion: apps/v1\nkind: Deployment\n", "a Kubernetes object"},
		{`[{"traceId": "5a", "id": "5b", "name": "get"}]`, "a trace of Zipkin"},
		{`{"data": [{"traceID": "5a", "spans": []}]}`, "a trace of Jaeger"},
	} {
		_, err := Parse(nil, "foreign", []byte(c.text))
		ds, ok := err.(yamltree.Diagnostics)
		if !ok || len(ds) != 1 || !strings.HasPrefix(ds[0].Msg, "this looks like "+c.want) || !strings.Contains(ds[0].Hint, "asynclab new") {
			t.Errorf("%q: %v", c.text, err)
		}
	}
	for _, e := range Library() {
		if _, err := Parse(libraryFS(), e.Name+extension, e.Content); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

// Words of other languages get the word of this one.
func TestForeignWords(t *testing.T) {
	file := func(handlers string) string {
		return "version: 1\nname: x\nrun: {duration: 1s}\nload: {a: {to: s/x, arrivals: poisson(1/s)}}\nservices: {s: {workers: 1, " + handlers + "}}\n"
	}
	for _, c := range []struct{ text, want string }{
		{file("on: {x: [wait: 1s]}"), `did you mean delay?`},
		{file("on: {x: [sleep: 1s]}"), `did you mean delay?`},
		{file("on: {x: [sleep]}"), `did you mean delay?`},
		{file("on: {x: [publish: m/t]}") + "brokers: {m: {topics: {t: {partitions: 3, replication.factor: 3}}}}\n", "here it is brokers: {bus: {replicas: {nodes: 3}}}"},
		{file("on: {x: [publish: m/q]}") + "brokers: {m: {queues: {q: {VisibilityTimeout: 30}}}}\n", "here it is visibility: 30s"},
		{file("true: {x: [work: 1s]}"), `did you mean on? some programs read the word on as true`},
		{strings.Replace(file("on: {x: [work: 1ms]}"), "name: x", "name: x\nexpect: ['load.a.offered-5 > 0']", 1), `write blanks around the minus: "load.a.offered - 5"`},
	} {
		_, err := Parse(nil, "x.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nhas no hint %s: %v", c.text, c.want, err)
		}
	}
}

// The schema's pattern of names allows what the parser allows, without classes of
// Unicode, which many validators do not know.
func TestNamesInSchema(t *testing.T) {
	if strings.Contains(schemaText(), `\\p{`) {
		t.Error("the schema has a class of Unicode")
	}
	portable := regexp.MustCompile(namePatternSchema)
	for _, name := range []string{"a", "order-flow", "a_1-b", "订单", "été-2", "A9", "x__y", "1a", "-a", "a-", "a--b", "_a", "a b", "a/b", "a.b", "a[b", "a`b", "a{b", "a^b", "a@", ""} {
		if validName(name) != portable.MatchString(name) {
			t.Errorf("%q: the parser says %v", name, validName(name))
		}
	}
	words := regexp.MustCompile(wordPatternSchema)
	for _, word := range []string{"a", "a.b", "order-flow.v1.eu", "a..b", ".a", "a.", ".", "a.1", "a.b c", "a.*", ""} {
		if validWord(word) != words.MatchString(word) {
			t.Errorf("%q: the parser says %v", word, validWord(word))
		}
	}
	for name, want := range map[string]bool{"a\xff": false, "a-\xff": false, strings.Repeat("é", maxName): true, strings.Repeat("é", maxName+1): false} {
		if validName(name) != want {
			t.Errorf("%q: the parser says %v", name, !want)
		}
	}
}

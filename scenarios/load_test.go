package scenarios

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"asynclab/scenarios/yamltree"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLibrary(t *testing.T) {
	for _, e := range Library() {
		t.Run(e.Name, func(t *testing.T) {
			s, err := Load(e.Name)
			if err != nil {
				t.Fatal(err)
			}
			if e.Title == "" || s.Title != e.Title || !strings.HasSuffix("/"+e.Name, "/"+s.Name) {
				t.Errorf("title %q, name %q", e.Title, s.Name)
			}
		})
	}
}

func TestTemplate(t *testing.T) {
	s, err := Parse(nil, "new.yaml", Template("my-shop"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "my-shop" || len(s.Designs) != 2 || len(s.Expect) != 3 || len(s.Warnings) > 0 {
		t.Errorf("%+v", s)
	}
	if s, err := Parse(nil, "new.yaml", Template("no name!")); err != nil || s.Name != "my-scenario" {
		t.Error(err)
	}
}

func TestLoadNames(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	good := "version: 1\nname: mine\nrun: {duration: 1min}\nload: {a: {to: s/x, arrivals: trace(\"d/t.csv\")}}\nservices: {s: {on: {x: []}}}\n"
	write(t, "d/t.csv", "1\n2\n")
	write(t, "mine.yaml", good)
	write(t, "bench/mm1", good) // a file wins over the library
	write(t, "bench/d/t.csv", "1\n")
	for name, want := range map[string]string{"mine.yaml": "mine", "bench/mm1": "mine", "bench/mm1.yaml": "mm1", filepath.Join(dir, "mine.yaml"): "mine"} {
		s, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if s.Name != want {
			t.Errorf("%s: got %s, want %s", name, s.Name, want)
		}
	}
	for name, want := range map[string]string{
		"bench/mn1": `did you mean bench/mm1?`, "mm1": `did you mean bench/mm1?`, "nothing-like-it": "asynclab list", "d": "name a file in it",
		"no\x00name": "", strings.Repeat("x", 5000): "",
	} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v", name, err)
		}
	}
}

// TestEscape: data files stay in the folder of the scenario.
func TestEscape(t *testing.T) {
	dir := t.TempDir()
	secret := write(t, filepath.Join(dir, "secret.csv"), "31.41592653589793\n") // no name of a folder has this in it
	in := filepath.Join(dir, "in")
	write(t, filepath.Join(in, "ok.csv"), "1\n")
	for link, to := range map[string]string{"link.csv": secret, "up.csv": "../secret.csv", "folder": "..", "fine.csv": "ok.csv"} {
		if err := os.Symlink(to, filepath.Join(in, link)); err != nil {
			t.Skip(err)
		}
	}
	for name, ok := range map[string]bool{"ok.csv": true, "fine.csv": true, "link.csv": false, "up.csv": false, "folder/secret.csv": false,
		"../secret.csv": false, secret: false, "./ok.csv": false, "missing.csv": false, "": false} {
		text := "version: 1\nname: x\nrun: {duration: 1min}\nload: {a: {to: s/x, arrivals: {trace: \"" + name + "\"}}}\nservices: {s: {on: {x: []}}}\n"
		_, err := Load(write(t, filepath.Join(in, "s.yaml"), text))
		if (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "31.4") {
			t.Errorf("it shows what is in the file: %v", err)
		}
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is what an editor's YAML plugin hands to the schema.
func asJSON(data []byte) (any, error) {
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(out))
}

func TestSchemaAccepts(t *testing.T) {
	schema := compileSchema(t)
	texts := map[string][]byte{"template": Template("x"), "merge": []byte("version: 1\nname: x\nrun: {duration: 1min}\n" + shared)}
	for _, e := range Library() {
		texts[e.Name] = e.Content
	}
	for name, text := range texts {
		v, err := asJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRejects: the schema finds what can be found without knowing what
// names refer to.
func TestSchemaRejects(t *testing.T) {
	schema := compileSchema(t)
	for _, name := range []string{"unknown-keys", "units", "numbers", "steps", "arrivals", "faults", "designs", "run", "links", "expectations", "yaml-list"} {
		data, err := os.ReadFile("testdata/broken/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		v, err := asJSON(data)
		if err != nil {
			continue // not even YAML for a stricter reader: .nan, a key twice
		}
		if schema.Validate(v) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// TestPositions: characters are counted, not bytes; windows line ends and a byte
// order mark do no harm.
func TestPositions(t *testing.T) {
	text := "\ufeffversion: 1\r\nname: x\r\nrun: {duration: 1min}\r\ntitle: {größe: 1}\r\n# 队列\r\nload: {列: {to: s/x, arrivals: \"poisson(5)\"}}\r\nservices: {s: {on: {x: []}}}\r\n"
	_, err := Parse(nil, "x.yaml", []byte(text))
	ds, _ := err.(yamltree.Diagnostics)
	if len(ds) != 2 {
		t.Fatal(err)
	}
	if ds[0].Line != 4 || ds[0].Column != 8 || ds[1].Line != 6 || ds[1].Column != 40 {
		t.Errorf("%v", err)
	}
	if strings.Contains(err.Error(), "\r") {
		t.Error("a carriage return is shown")
	}
	if want := "    load: {列: {to: s/x, arrivals: \"poisson(5)\"}}\n" + strings.Repeat(" ", 4+40) + "^"; !strings.Contains(ds[1].String(), want) {
		t.Errorf("the caret is not under the 5:\n%s", ds[1])
	}
}

package engine

import (
	"reflect"
	"slices"
	"testing"

	"asynclab/sim/design"
	"asynclab/sim/mech/all"

	"pgregory.net/rapid"
)

// notDrawn are the fields of a design that the generated ones leave as they are, and why.
var notDrawn = map[string]string{
	"design.Assign.Unit":     "a unit says how a number is written",
	"design.Term.Unit":       "likewise",
	"design.LinkParams.Down": "changes by hand and faults cut links",
	"failover.On":            "all calls for one target have the same, as their failures are counted together",
}

// Every field of a design, and of the settings of a mechanism, is in some generated design.
func TestDesignsDrawAllFields(t *testing.T) {
	designs := rapid.Custom(genDesign)
	drawn := map[string]bool{}
	for _, m := range all.Mechanisms { // of which no design may have one
		for of, i := reflect.TypeOf(m.New()).Elem(), 0; i < of.NumField(); i++ {
			drawn[settingName(of, i)] = false
		}
	}
	for seed := range 300 {
		d := designs.Example(seed)
		if _, err := Compile(d); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		cover(reflect.ValueOf(d), drawn)
	}
	var never []string
	for field, is := range drawn {
		if why := notDrawn[field]; !is && why == "" {
			never = append(never, field)
		} else if is && why != "" {
			t.Errorf("%s is drawn, and should not be: %s", field, why)
		}
	}
	slices.Sort(never)
	if len(never) > 0 {
		t.Errorf("no generated design has\n%q\na mechanism is drawn in uses, or where those of services and queues are (property_design_test.go); its live fields, in liveSettings", never)
	}
}

// cover notes which fields of structs in a value are not zero.
func cover(v reflect.Value, drawn map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			cover(v.Elem(), drawn)
		}
	case reflect.Slice:
		for i := range v.Len() {
			cover(v.Index(i), drawn)
		}
	case reflect.Struct:
		of := v.Type()
		if of.PkgPath() != reflect.TypeFor[design.Design]().PkgPath() && of.Name() != "Settings" {
			return
		}
		for i := range v.NumField() {
			if f := of.Field(i); f.IsExported() {
				name := of.String() + "." + f.Name
				if of.Name() == "Settings" {
					name = settingName(of, i)
				}
				drawn[name] = drawn[name] || !v.Field(i).IsZero()
				if f.Name != "Of" {
					cover(v.Field(i), drawn)
				}
			}
		}
	}
}

// settingName is the name of a field of the settings of a mechanism.
func settingName(of reflect.Type, i int) string {
	return of.PkgPath()[len("asynclab/sim/mech/"):] + "." + of.Field(i).Name
}

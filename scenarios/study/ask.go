package study

import (
	"errors"
	"fmt"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// ParseExpectations reads expectations about designs, written as in a scenario file.
func ParseExpectations(lines []string, designs []*design.Design) (out []*expect.Expectation, err error) {
	units := scenarios.Metrics{}
	for _, text := range lines {
		where := "expectation " + design.Quoted(text)
		e, err := expect.Parse(text)
		if err == nil {
			err = e.Check(func(name, metric string) (draw.Unit, error) {
				d, err := designNamed(designs, name)
				if err != nil {
					return 0, err
				}
				return units.Unit(d, metric)
			})
		}
		var bad *expect.Error
		if errors.As(err, &bad) {
			return nil, inputf(where, bad.Hint, "%s", bad.Msg)
		}
		if err != nil {
			return nil, inputf(where, "", "%v", err)
		}
		out = append(out, e)
	}
	return out, nil
}

func designNamed(designs []*design.Design, name string) (*design.Design, error) {
	for _, d := range designs {
		if d.Name == name || name == "" && len(designs) == 1 {
			return d, nil
		}
	}
	if name == "" {
		return nil, &expect.Error{Msg: "it names no design, and there are several", Hint: fmt.Sprintf("begin with one of them: %q", designs[0].Name+": …")}
	}
	return nil, &expect.Error{Msg: "there is no design " + name + " here"}
}

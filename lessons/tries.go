package lessons

import "encoding/json"

// Tries are what the student did about an activity of this step so far, oldest
// first.
func (p *Player) Tries(a *Activity) []Try {
	log := p.taken.Steps[p.Step().ID]
	if log == nil {
		return nil
	}
	switch a.Kind {
	case Prediction:
		return log.Predictions
	case Question:
		return log.Answers
	}
	return log.Attempts
}

// Setup is the state of the lab that an activity is about.
func (a *Activity) Setup() *Setup { return a.setup }

// Clone is a copy that shares nothing: what is saved while the student goes on.
func (p *Progress) Clone() *Progress {
	data, err := json.Marshal(p)
	c := &Progress{}
	if err == nil {
		err = json.Unmarshal(data, c)
	}
	if err != nil {
		panic(err) // plain data of this package
	}
	return c
}

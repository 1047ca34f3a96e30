package lessons

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

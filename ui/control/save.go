package control

// SaveText is the scenario's text with the changes made by hand in it.
func (s *Session) SaveText() (string, error) {
	data, err := textOf(s.sc)
	return string(data), err
}

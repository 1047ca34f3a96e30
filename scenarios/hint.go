package scenarios

// Meant is the hint about an unknown word, for other files that are checked as
// scenarios are: the nearest of the known ones, and the list of all; what names
// them in the plural.
func Meant(word, what string, known []string) string { return meant(word, what, known) }

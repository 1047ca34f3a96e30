// Package spell finds the known word that an unknown one was most likely meant to
// be, and writes the hint: "did you mean workers? keys of a service: …".
//
// Two words are near when few edits (insert, delete, replace a letter, swap two
// neighbours: Damerau 1964, restricted form) make one of the other: none up to two
// letters, one up to five, two up to eight, three in longer ones. Case, dashes,
// underscores and blanks do not count. Of two paths with dots only the part in which
// they differ is compared, so that a long path does not make a short name in it near.
//
// # How to choose
//
//	the nearest word, and what there is    Hint
//	only "did you mean x?", or nothing     DidYouMean
//	the word itself                        Nearest
//
// The cost has a bound whatever a file holds: words above 80 letters have no hint,
// and of the known words the first 100,000 bytes are compared. That takes a few
// milliseconds, so a caller makes hints only for mistakes that it keeps.
package spell

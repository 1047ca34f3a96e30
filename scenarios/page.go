package scenarios

import _ "embed"

//go:embed LANGUAGE.md
var page string

// Page is the reference of the language, LANGUAGE.md, as Markdown. Its tables are
// written from those that the parser reads by.
func Page() string { return page }

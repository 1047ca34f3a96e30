package scenarios

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

type jsonNumber = json.Number

var nameRegexp = regexp.MustCompile(namePattern)

const maxName = 60

func validName(s string) bool {
	return utf8.RuneCountInString(s) <= maxName && nameRegexp.MatchString(s)
}

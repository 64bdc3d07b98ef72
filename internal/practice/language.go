package practice

import (
	"slices"
	"strconv"

	"golang.org/x/text/language"
)

const mostLanguages = 10

// languages is a list of languages as in BCP 47, each once, in their order.
func (c *checks) languages(values []string) []string {
	const field = "languages"
	kept := make([]string, 0, len(values))
	if !c.atMost(field, len(values), mostLanguages) {
		return kept
	}
	for i, value := range values {
		tag, err := language.Parse(value)
		if err != nil || tag == language.Und {
			at := field + "." + strconv.Itoa(i)
			c.refuse(at, subject(at)+" is no language as in BCP 47, such as fr or en-CA.")
			continue
		}
		if !slices.Contains(kept, tag.String()) {
			kept = append(kept, tag.String())
		}
	}
	return kept
}

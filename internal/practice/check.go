package practice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/text/unicode/norm"

	"continuum/schema"
)

// checks gathers what is wrong with an input, so that all of it is told at once. Each
// check returns the value as it is to be kept. No message ever repeats a value.
type checks struct{ errs Errors }

// refuse notes that a field's value cannot be accepted.
func (c *checks) refuse(field, message string) {
	c.errs = append(c.errs, fail(CodeInvalid, field, message))
}

// err is everything that is wrong, or nil.
func (c *checks) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs
}

// id is the id of a new row: the client's own, well formed and of the right type, or
// a fresh one.
func (c *checks) id(prefix string, given *string) string {
	if given == nil {
		return schema.NewID(prefix)
	}
	if !schema.ValidID(prefix, *given) {
		c.refuse("id", "An id of your own making here is a TypeID that begins with "+prefix+"_.")
	}
	return *given
}

// text is a required text of one line.
func (c *checks) text(field, value string, letters int) string {
	kept := c.clean(field, value, letters, false)
	if kept == "" {
		c.refuse(field, subject(field)+" cannot be empty.")
	}
	return kept
}

// optional is a text of one line that may be absent; a blank one is.
func (c *checks) optional(field string, value *string, letters int) *string {
	return c.absentOr(field, value, letters, false)
}

// prose is a text of several lines that may be absent; a blank one is.
func (c *checks) prose(field string, value *string, letters int) *string {
	return c.absentOr(field, value, letters, true)
}

// newText is the new value of a required text, which cannot be cleared.
func (c *checks) newText(field string, value graphql.Omittable[*string], letters int) graphql.Omittable[*string] {
	given, set := value.ValueOK()
	switch {
	case !set:
		return value
	case given == nil:
		c.cleared(field, true)
		return value
	}
	kept := c.text(field, *given, letters)
	return graphql.OmittableOf(&kept)
}

// cleared refuses to clear a field that always has a value.
func (c *checks) cleared(field string, null bool) {
	if null {
		c.refuse(field, subject(field)+" cannot be cleared.")
	}
}

// newOptional is the new value of a text of one line that may be cleared.
func (c *checks) newOptional(field string, value graphql.Omittable[*string], letters int) graphql.Omittable[*string] {
	if !value.IsSet() {
		return value
	}
	return graphql.OmittableOf(c.optional(field, value.Value(), letters))
}

// newProse is the new value of a text of several lines that may be cleared.
func (c *checks) newProse(field string, value graphql.Omittable[*string], letters int) graphql.Omittable[*string] {
	if !value.IsSet() {
		return value
	}
	return graphql.OmittableOf(c.prose(field, value.Value(), letters))
}

// words is a list of texts of one line, each once, in their order.
func (c *checks) words(field string, values []string, most, letters int) []string {
	kept := make([]string, 0, len(values))
	if !c.atMost(field, len(values), most) {
		return kept
	}
	for i, value := range values {
		if word := c.text(field+"."+strconv.Itoa(i), value, letters); !slices.Contains(kept, word) {
			kept = append(kept, word)
		}
	}
	return kept
}

// atMost says whether a list is short enough to look at.
func (c *checks) atMost(field string, count, most int) bool {
	if count > most {
		c.refuse(field, fmt.Sprintf("There can be at most %d %s.", most, spaced(field)))
	}
	return count <= most
}

func (c *checks) absentOr(field string, value *string, letters int, lines bool) *string {
	if value == nil {
		return nil
	}
	kept := c.clean(field, *value, letters, lines)
	if kept == "" {
		return nil
	}
	return &kept
}

// clean trims a text and composes its accents, so that equal names are equal bytes.
func (c *checks) clean(field, value string, letters int, lines bool) string {
	if lines {
		value = strings.ReplaceAll(value, "\r\n", "\n")
	}
	kept := norm.NFC.String(strings.TrimSpace(value))
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(kept, func(r rune) bool { return hidden(r, lines) }):
		c.refuse(field, subject(field)+" has characters that cannot be shown.")
	case utf8.RuneCountInString(kept) > letters:
		c.refuse(field, fmt.Sprintf("%s can have at most %d letters.", subject(field), letters))
	}
	return kept
}

// hidden says whether a character has no place in a text. Tabs and new lines have one
// in a text of several lines.
func hidden(r rune, lines bool) bool {
	if lines && (r == '\n' || r == '\t') {
		return false
	}
	return unicode.IsControl(r)
}

// subject is how a message names a field: "The given name", "Number 3 of the tags".
func subject(field string) string {
	parts := strings.Split(field, ".")
	last := parts[len(parts)-1]
	if n, err := strconv.Atoi(last); err == nil && len(parts) > 1 {
		return fmt.Sprintf("Number %d of the %s", n+1, spaced(parts[len(parts)-2]))
	}
	return "The " + spaced(last)
}

// spaced is a field's name in words: "contact points".
func spaced(field string) string {
	var words strings.Builder
	for _, r := range field {
		if unicode.IsUpper(r) {
			words.WriteByte(' ')
		}
		words.WriteRune(unicode.ToLower(r))
	}
	return words.String()
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package practice

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unmarked spells the letters that carry no separable mark, and the signs that people
// type in more than one way.
var unmarked = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ŧ", "t", "ŋ", "n", "ı", "i", "ĸ", "k", "ɓ", "b", "ɗ", "d", "ƙ", "k",
	"ß", "ss", "æ", "ae", "œ", "oe", "þ", "th", "ə", "e",
	"’", "'", "‘", "'", "ʼ", "'", "ʻ", "'", "`", "'", "‐", "-", "–", "-", "—", "-",
)

// FoldName is a name as lists order it and searches compare it: lower case, without
// accents, single spaces.
func FoldName(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return strings.Join(strings.Fields(unmarked.Replace(bare)), " ")
}

// sortName is what a list of names is ordered by: the family name first, then the
// given name.
func sortName(parts ...string) string { return FoldName(strings.Join(parts, " ")) }

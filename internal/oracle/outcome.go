package oracle

import (
	"slices"
	"strings"
)

// Outcome is what comes of an operation: nothing when it is done, and otherwise the
// reasons why it is not, each by its code. Where there are several, which of them is
// told is nobody's law, so any one will do.
type Outcome []string

// Done says whether nothing stood in the way.
func (o Outcome) Done() bool { return len(o) == 0 }

// Allows says whether a code is one of the reasons, "" standing for success.
func (o Outcome) Allows(code string) bool {
	if code == "" {
		return o.Done()
	}
	return slices.Contains(o, code)
}

// String is the reasons, for reading.
func (o Outcome) String() string {
	if o.Done() {
		return "done"
	}
	return strings.Join(o, " or ")
}

// when adds a reason if it applies.
func (o Outcome) when(applies bool, code string) Outcome {
	if applies {
		return append(o, code)
	}
	return o
}

// Package doctor judges an installation: what of it works, what deserves a look, and what must be mended.
//
// Its one rule: every finding that is not good says what to do, and none shows a secret or a person.
package doctor

import (
	"fmt"
	"io"
)

// Mark is how good a finding is.
type Mark string

// The marks.
const (
	OK   Mark = "OK"
	Warn Mark = "WARN" // it works, and deserves a look
	Fail Mark = "FAIL" // it does not work, or is not safe
)

// Finding is one thing that was looked at.
type Finding struct {
	Mark  Mark
	About string // a word or two
	Says  string
	Do    string // empty where all is well
}

// Report is what was found, in the order of looking.
type Report struct{ Findings []Finding }

// Good adds what works.
func (r *Report) Good(about, says string, args ...any) {
	r.Findings = append(r.Findings, Finding{Mark: OK, About: about, Says: fmt.Sprintf(says, args...)})
}

// Doubt adds what deserves a look, and what to do about it.
func (r *Report) Doubt(about, do, says string, args ...any) {
	r.Findings = append(r.Findings, Finding{Warn, about, fmt.Sprintf(says, args...), do})
}

// Bad adds what must be mended, and how.
func (r *Report) Bad(about, do, says string, args ...any) {
	r.Findings = append(r.Findings, Finding{Fail, about, fmt.Sprintf(says, args...), do})
}

// Worst is the worst mark of all.
func (r *Report) Worst() Mark {
	worst := OK
	for _, f := range r.Findings {
		if f.Mark == Fail || f.Mark == Warn && worst == OK {
			worst = f.Mark
		}
	}
	return worst
}

// WriteTo writes a line for each finding, and below it what to do.
func (r *Report) WriteTo(to io.Writer) (written int64, err error) {
	for _, f := range r.Findings {
		line := fmt.Sprintf("%-5s %-14s %s\n", f.Mark, f.About, f.Says)
		if f.Do != "" {
			line += fmt.Sprintf("%-5s %-14s -> %s\n", "", "", f.Do)
		}
		n, err := io.WriteString(to, line)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

package graph

import (
	"time"

	"continuum/ent/transfer"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/practice"
)

// What an operation may cost, and what some of its fields cost besides what is selected
// of them. Package document has looked at its shape before.
const (
	maxComplexity = 50_000 // fields, a page counting as many times as it has rows

	previewCost      = 500 // what a preview of a share costs besides its fields
	handOverCost     = 250 // what a hand-over of one record of a caseload costs besides its fields
	consequencesCost = 500 // what the consequences of one transfer cost for each of their fields
	reportCost       = 500 // how many chains a report may hold, each with what is selected of it
	explainCost      = 100 // as a full page: a viewer has few chains to one thing
)

// complexity makes a page cost what it holds.
func complexity(c *exec.ComplexityRoot) {
	c.Query.Profiles = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ProfileFilter, _ *exec.ProfileOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Records = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.RecordFilter, _ *exec.RecordOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Contacts = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ContactFilter, _ *exec.ContactOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Institutions = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.InstitutionFilter, _ *exec.InstitutionOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Units = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.UnitFilter, _ *exec.UnitOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Professionals = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ProfessionalFilter, _ *exec.ProfessionalOrder) int {
		return pageCost(child, first, last)
	}
	c.Profile.Records = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.LinkedRecordFilter, _ *exec.LinkOrder) int {
		return pageCost(child, first, last)
	}
	nested := func(child int, first *int, _ *string, last *int, _ *string) int { return pageCost(child, first, last) }
	c.Profile.Contacts = nested
	c.Contact.Profiles = nested
	c.Record.Profiles = nested
	c.Record.FormerProfiles = nested
	c.Unit.Members = nested
	complexityOfHanded(c)
	c.Record.Access = func(child int, _ *time.Time) int { return times(child, reportCost) }
	c.Profile.Access = c.Record.Access
	c.Query.ExplainAccess = func(child int, _ string) int { return times(child, explainCost) }
	c.Query.Nodes = func(child int, ids []string) int { return times(child, len(ids)) }
}

// complexityOfHanded is that of the lists of what is shared and handed over.
func complexityOfHanded(c *exec.ComplexityRoot) {
	nested := func(child int, first *int, _ *string, last *int, _ *string) int { return pageCost(child, first, last) }
	c.Profile.Consents = nested
	c.Viewer.SharedWithMe = nested
	c.Viewer.PendingShares = nested
	c.Viewer.SealedCopies = nested
	narrowed := func(child int, first *int, _ *string, last *int, _ *string, _ *bool) int {
		return pageCost(child, first, last)
	}
	c.Viewer.Notifications = narrowed
	c.Query.EmergencyAccesses = narrowed
	c.Record.Shares = func(child int, first *int, _ *string, last *int, _ *string, _ bool) int {
		return pageCost(child, first, last)
	}
	c.Viewer.Transfers = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.TransferDirection, _ []transfer.Status) int {
		return pageCost(child, first, last)
	}
	// Each is worked out on its own, by several statements.
	c.Transfer.Consequences = func(child int) int { return times(child, consequencesCost) }
	c.Query.PreviewShare = func(child int, _ practice.ShareRecordInput) int { return child + previewCost }
	c.Mutation.TransferCaseload = func(child int, in practice.TransferCaseloadInput) int { return caseloadCost(child, in.RecordIDs) }
	c.Mutation.AssignCaseload = func(child int, in practice.AssignCaseloadInput) int { return caseloadCost(child, in.RecordIDs) }
}

// caseloadCost counts a hand-over for each record that is named. All of an owner's may be
// many: one such field is as much as an operation may ask for.
func caseloadCost(child int, named []string) int {
	if named == nil {
		return child + maxComplexity/2 + 1
	}
	return times(child+handOverCost, len(named))
}

// pageCost counts a page as its rows, of which the fields below are a share each.
func pageCost(child int, first, last *int) int {
	size := page.DefaultSize
	if first != nil {
		size = *first
	} else if last != nil {
		size = *last
	}
	return times(child, min(size, page.MaxSize))
}

// times is the cost of rows below which child is selected. It stops at what is too
// much anyhow: lists in lists in lists would count past the largest number there is.
func times(child, rows int) int {
	return 1 + min(child, maxComplexity+1)*min(max(rows, 1), maxComplexity)
}

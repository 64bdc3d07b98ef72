package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/unitmember"
	"continuum/schema"
)

// Reason is why somebody reaches something.
type Reason string

// The reasons.
const (
	ReasonOwner     Reason = "OWNER"     // they own the record
	ReasonUnit      Reason = "UNIT"      // a unit of theirs owns the record
	ReasonShare     Reason = "SHARE"     // it is shared with them, a unit of theirs or their workspace
	ReasonEmergency Reason = "EMERGENCY" // they opened it in an emergency
	ReasonOversight Reason = "OVERSIGHT" // they oversee the workspace, and know that the record exists
	ReasonDirectory Reason = "DIRECTORY" // their directory covers the profile
	ReasonMaker     Reason = "MAKER"     // they made the profile or the contact, which nothing links yet
	ReasonGrantee   Reason = "GRANTEE"   // the share names them, a unit of theirs or their workspace
)

// Chain is one way in which somebody reaches something: why, how far, and by which
// facts. What does not belong to the chain is empty.
type Chain struct {
	Reason         Reason `sql:"reason"`
	Level          Level  `sql:"level"`           // on the record
	Right          Right  `sql:"access"`          // on the profile or the contact
	ProfessionalID string `sql:"professional_id"` // who reaches it; empty where that is not for the viewer
	RecipientID    string `sql:"recipient_id"`    // whom the share names, or the unit of another workspace that owns
	ProfileID      string `sql:"profile_id"`      // the profile that it goes through
	RecordID       string `sql:"record_id"`       // the record that it goes through
	LinkID         string `sql:"link_id"`         // the link from that record to the profile
	ShareID        string `sql:"share_id"`
	UnitID         string `sql:"unit_id"`
	MembershipID   string `sql:"membership_id"`
	EmergencyID    string `sql:"emergency_id"`

	Since, Until *time.Time // as long as all of its dated facts held together, or will
}

// Report is the chains that lead to something, the strongest first.
type Report struct {
	Entries  []Chain
	Complete bool // false when there are more than the report holds
}

// maxChains is how many chains a report holds at the most.
const maxChains = 500

// report cuts the chains to what a report holds.
func report(chains []Chain) *Report {
	complete := len(chains) <= maxChains
	return &Report{chains[:min(len(chains), maxChains)], complete}
}

// Level is the highest level of the chains.
func (r *Report) Level() Level {
	best := None
	for _, c := range r.Entries {
		best = max(best, c.Level)
	}
	return best
}

// Right is the best right of the chains.
func (r *Report) Right() Right {
	best := NoRight
	for _, c := range r.Entries {
		best = max(best, c.Right)
	}
	return best
}

// strongest orders chains; what follows only keeps the order the same each time.
const strongest = `level DESC, access DESC, record_id, reason, recipient_id, share_id, emergency_id`

// scan reads chains from what a select says.
func scan(ctx context.Context, client *ent.Client, what func(*sql.Selector) *sql.Selector) ([]Chain, error) {
	var chains []Chain
	err := client.Record.Query().
		Modify(func(s *sql.Selector) { *s = *what(sql.Dialect(s.Dialect()).Select()).WithContext(s.Context()) }).
		Scan(System(ctx, "the access function itself"), &chains)
	return chains, err
}

// asProfiles says what the level of each chain makes of the profile that it leads to.
func asProfiles(chains []Chain) {
	for i, c := range chains {
		switch {
		case c.Level >= Full:
			chains[i].Right = EditRight
		case c.Level >= Read:
			chains[i].Right = max(c.Right, ReadRight)
		}
	}
}

// memberships tells of the chains that go through a unit of the viewer's by which of
// their memberships.
func (v *Viewer) memberships(ctx context.Context, client *ent.Client, chains []Chain) error {
	rows, err := client.UnitMember.Query().
		Where(unitmember.ProfessionalID(v.ProfessionalID), unitmember.EndedAtIsNil()).
		All(System(ctx, "one's own memberships"))
	of := make(map[string]string, len(rows))
	for _, m := range rows {
		of[m.UnitID] = m.ID
	}
	for i, c := range chains {
		chains[i].MembershipID = of[c.UnitID]
	}
	return err
}

// life is since when a fact holds, and until when.
type life struct {
	ID    string `sql:"id"`
	Since moment `sql:"since"`
	Until moment `sql:"until"`
}

// The dates of the facts that chains are made of. A record's owner owns it since the
// hand-over before the instant, and until the one after.
const (
	livesOfShares = `SELECT s.id AS id, s.starts_at AS since, CASE WHEN s.ended_at < s.expires_at OR s.expires_at IS NULL` +
		` THEN s.ended_at ELSE s.expires_at END AS until FROM shares s WHERE s.id @in`
	livesOfMemberships = `SELECT m.id, m.started_at, m.ended_at FROM unit_members m WHERE m.id @in`
	livesOfEmergencies = `SELECT e.id, e.started_at, e.ends_at FROM emergency_accesses e WHERE e.id @in`
	livesOfLinks       = `SELECT l.id, l.linked_at, l.unlinked_at FROM record_links l WHERE l.id @in`
	livesOfOwners      = `SELECT r.id, COALESCE((SELECT MAX(t.answered_at)` + handedOver + ` AND t.answered_at <= @arg), r.created_at),` +
		` (SELECT MIN(t.answered_at)` + handedOver + ` AND t.answered_at > @arg) FROM records r WHERE r.id @in`
	handedOver = ` FROM transfers t WHERE t.record_id = r.id AND t.status = 'ACCEPTED'`
)

// date tells of each chain since when and until when it holds, as far as its facts are
// dated, in one statement.
func date(ctx context.Context, client *ent.Client, chains []Chain, at time.Time) error {
	var shares, members, emergencies, links, owned []string
	for _, c := range chains {
		shares, members = append(shares, c.ShareID), append(members, c.MembershipID)
		emergencies, links = append(emergencies, c.EmergencyID), append(links, c.LinkID)
		owned = append(owned, c.owned())
	}
	facts := set{
		from(livesOfShares, shares), from(livesOfMemberships, members), from(livesOfEmergencies, emergencies),
		from(livesOfLinks, links), from(livesOfOwners, at, at, owned),
	}
	var rows []life
	err := client.Record.Query().Modify(func(s *sql.Selector) {
		*s = *sql.Dialect(s.Dialect()).Select("id", "since", "until").FromExpr(facts.table()).WithContext(s.Context())
	}).Scan(System(ctx, "the dates of facts"), &rows)
	of := make(map[string]life, len(rows))
	for _, row := range rows {
		of[row.ID] = row
	}
	for i, c := range chains {
		for _, id := range []string{c.ShareID, c.MembershipID, c.EmergencyID, c.LinkID, c.owned()} {
			chains[i].within(of[id])
		}
	}
	return err
}

// owned is the record of a chain that comes from owning it.
func (c *Chain) owned() string {
	if c.Reason != ReasonOwner && c.Reason != ReasonUnit {
		return ""
	}
	return c.RecordID
}

// within narrows a chain to the life of one of its facts.
func (c *Chain) within(l life) {
	if t := l.Since.Time; t != nil && (c.Since == nil || t.After(*c.Since)) {
		c.Since = t
	}
	if t := l.Until.Time; t != nil && (c.Until == nil || t.Before(*c.Until)) {
		c.Until = t
	}
}

// moment is an instant, or none. SQLite forgets the type of a column that a union
// answers with, and gives its text.
type moment struct{ *time.Time }

// Scan takes a value of the database's.
func (m *moment) Scan(value any) error {
	var text string
	switch value := value.(type) {
	case nil:
		return nil
	case time.Time:
		utc := value.UTC()
		m.Time = &utc
		return nil
	case string:
		text = value
	case []byte:
		text = string(value)
	default:
		return fmt.Errorf("access: %T is no instant", value)
	}
	// RFC 3339, but for the space that SQLite puts in the middle.
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "T", 1))
	utc := t.UTC()
	m.Time = &utc
	return err
}

// through says of each chain which unit it goes through, and whether it comes from the
// viewer's own owning or from their unit's.
func (v *Viewer) through(chains []Chain) {
	for i, c := range chains {
		chains[i].ProfessionalID = v.ProfessionalID
		if schema.ValidID(schema.UnitPrefix, c.RecipientID) {
			chains[i].UnitID = c.RecipientID
		}
		if c.Reason != ReasonOwner {
			continue
		}
		chains[i].RecipientID = ""
		if chains[i].UnitID != "" {
			chains[i].Reason = ReasonUnit
		}
	}
}

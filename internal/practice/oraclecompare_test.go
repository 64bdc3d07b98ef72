package practice_test

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/recordlink"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/storetest"
)

// everyRow are the types whose rows operations change.
var everyRow = []string{
	ent.TypeWorkspace, ent.TypeProfessional, ent.TypeUnitMember, ent.TypeRecord, ent.TypeRecordLink, ent.TypeProfile,
	ent.TypeShare, ent.TypeTransfer, ent.TypeSealedCopy, ent.TypeConsent, ent.TypeEmergencyAccess, ent.TypeNotification,
}

// compareRows asks the database for whole tables, and learns the ids of what was made.
func (l *life) compareRows(types []string) {
	l.guestsAgree()
	for _, typ := range types {
		if diff := l.differ(l.facts, l.rows(typ), typ); diff != "" {
			l.fail("%s: %s", typ, diff)
		}
	}
}

// guestsAgree fails when a link does not say of whom its profile is a guest.
func (l *life) guestsAgree() {
	wrong, err := l.store.Client().RecordLink.Query().Where(storetest.MisledLinks).IDs(l.system())
	if err != nil || len(wrong) > 0 {
		l.fail("links %v say wrong of whom their profile is a guest: %v", wrong, err)
	}
}

// rows tells the rows of a type in the oracle's words.
func (l *life) rows(typ string) map[string]string {
	if typ == ent.TypeNotification {
		return l.told()
	}
	found, err := l.read(l.system(), typ)
	if err != nil {
		l.fail("read every %s: %v", typ, err)
	}
	return found
}

// differ says in what the database differs from a world, and gives what the world has
// made the ids of the database. Rows without an id in common are the same if they read the same.
func (l *life) differ(w *oracle.World, rows map[string]string, typ string) string {
	if typ == ent.TypeNotification {
		return differTold(w, rows)
	}
	want := w.Lines(typ)
	var fresh, made []string
	for _, id := range keys(rows) {
		if line, known := want[id]; !known {
			fresh = append(fresh, id)
		} else if line != rows[id] {
			return fmt.Sprintf("%s is\n  %s\nand the oracle says\n  %s", id, rows[id], line)
		}
	}
	for id := range want {
		if _, there := rows[id]; !there {
			made = append(made, id)
		}
	}
	for _, id := range fresh {
		i := slices.IndexFunc(made, func(m string) bool { return want[m] == rows[id] })
		if i < 0 {
			return fmt.Sprintf("there is\n  %s\nof which the oracle knows nothing; it has %v", rows[id], texts(want, made))
		}
		w.Name(typ, made[i], id)
		l.names[id] = fmt.Sprint(typ, len(l.names))
		made = slices.Delete(made, i, i+1)
	}
	if len(made) > 0 {
		return fmt.Sprintf("there is no\n  %v", texts(want, made))
	}
	return ""
}

func texts(lines map[string]string, ids []string) []string {
	var list []string
	for _, id := range ids {
		list = append(list, lines[id])
	}
	return list
}

// told counts what professionals have been told of what others did. What the clock
// tells depends on when a job comes by.
func (l *life) told() map[string]string {
	var counts []struct {
		ProfessionalID string `json:"professional_id"`
		Kind           string `json:"kind"`
		Count          int    `json:"count"`
	}
	err := l.store.Client().Notification.Query().Where(notification.ActorIDNEQ("")).
		GroupBy(notification.FieldProfessionalID, notification.FieldKind).Aggregate(ent.Count()).Scan(l.system(), &counts)
	if err != nil {
		l.fail("count notifications: %v", err)
	}
	found := map[string]string{}
	for _, c := range counts {
		found[c.ProfessionalID+" "+c.Kind] = fmt.Sprint(c.Count)
	}
	return found
}

func differTold(w *oracle.World, rows map[string]string) string {
	want := map[string]string{}
	for n, times := range w.Told {
		want[n.Professional+" "+n.Kind] = fmt.Sprint(times)
	}
	for _, who := range slices.Concat(keys(rows), keys(want)) {
		if rows[who] != want[who] {
			return fmt.Sprintf("%s times %q, the oracle says %q", who, rows[who], want[who])
		}
	}
	return ""
}

// shown are the types whose visible rows are compared, taking turns.
var shown = []string{
	ent.TypeShare, ent.TypeTransfer, ent.TypeEmergencyAccess, ent.TypeConsent, ent.TypeNotification, ent.TypeProfile,
	ent.TypeSealedCopy, ent.TypeRecord, ent.TypeRecordLink, ent.TypeProfessional, ent.TypeUnit, ent.TypeWorkspace,
}

// compareRights asks both tellings what everybody may do with every record and profile
// and, each third time, what they see of a type.
func (l *life) compareRights() {
	l.turn++
	typ := ""
	if l.turn%3 == 0 {
		typ = shown[l.turn/3%len(shown)]
	}
	l.each(func(m string) error {
		if l.facts.Principals(m) == nil {
			return nil
		}
		if err := l.compareLevels(m); err != nil {
			return err
		}
		if err := l.compareProfiles(m); err != nil || typ == "" {
			return err
		}
		return l.compareShown(m, typ)
	})
}

func (l *life) compareLevels(m string) error {
	records := keys(l.facts.Records)
	levels, err := access.RecordLevels(l.ctx(m), l.store.Client(), records)
	for _, r := range records {
		if want := l.facts.Level(m, r); err == nil && int(levels[r]) != int(want) {
			err = fmt.Errorf("level of %s on %s: %d, the oracle says %d", m, r, levels[r], want)
		}
	}
	return err
}

func (l *life) compareProfiles(m string) error {
	profiles := keys(l.facts.Profiles)
	found, err := access.ProfileAccesses(l.ctx(m), l.store.Client(), profiles)
	for _, p := range profiles {
		right, level := l.facts.ProfileRight(m, p), l.facts.ProfileLevel(m, p)
		if got := found[p]; err == nil && (int(got.Right) != int(right) || int(got.Level) != int(level)) {
			err = fmt.Errorf("right of %s on %s: %v, the oracle says {%d %d}", m, p, got, right, level)
		}
	}
	return err
}

func (l *life) compareShown(m, typ string) error {
	if typ == ent.TypeNotification {
		return l.compareTold(m)
	}
	got, err := l.visible(l.ctx(m), typ)
	slices.Sort(got)
	if want := l.facts.Visible(m, typ); err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s sees of %s\n  %v\nthe oracle says\n  %v", m, typ, got, want)
	}
	return err
}

// compareTold counts the notifications that somebody sees of what others did.
func (l *life) compareTold(m string) error {
	n, err := l.store.Client().Notification.Query().Where(notification.ActorIDNEQ("")).Count(l.ctx(m))
	want := 0
	for told, times := range l.facts.Told {
		if told.Professional == m {
			want += times
		}
	}
	if err == nil && n != want {
		err = fmt.Errorf("%s sees %d notifications, the oracle says %d", m, n, want)
	}
	return err
}

func (l *life) visible(ctx context.Context, typ string) ([]string, error) {
	c := l.store.Client()
	switch typ {
	case ent.TypeShare:
		return c.Share.Query().IDs(ctx)
	case ent.TypeTransfer:
		return c.Transfer.Query().IDs(ctx)
	case ent.TypeEmergencyAccess:
		return c.EmergencyAccess.Query().IDs(ctx)
	case ent.TypeConsent:
		return c.Consent.Query().IDs(ctx)
	case ent.TypeProfile:
		return c.Profile.Query().IDs(ctx)
	case ent.TypeSealedCopy:
		return c.SealedCopy.Query().IDs(ctx)
	case ent.TypeRecord:
		return c.Record.Query().IDs(ctx)
	case ent.TypeRecordLink:
		return c.RecordLink.Query().IDs(ctx)
	case ent.TypeProfessional:
		return c.Professional.Query().IDs(ctx)
	case ent.TypeUnit:
		return c.Unit.Query().IDs(ctx)
	default:
		return c.Workspace.Query().IDs(ctx)
	}
}

// end compares everything, and sees that the laws of hand-overs hold over the whole history.
func (l *life) end() {
	l.compareRows(everyRow)
	for _, typ := range shown {
		l.each(func(m string) error {
			if l.facts.Principals(m) == nil {
				return nil
			}
			return l.compareShown(m, typ)
		})
	}
	for id, now := range l.untouched() {
		if l.first[id] != now {
			l.fail("T7: %s was\n  %s\nand is\n  %s", id, l.first[id], now)
		}
	}
	l.singles()
	l.chains()
}

// untouched tells the rows that no operation here may change, but for the home of a profile.
func (l *life) untouched() map[string]string {
	ctx, c, found := l.system(), l.store.Client(), map[string]string{}
	for _, p := range c.Profile.Query().AllX(ctx) {
		p.HomeWorkspaceID = ""
		found[p.ID] = p.String()
	}
	for _, row := range c.Contact.Query().AllX(ctx) {
		found[row.ID] = row.String()
	}
	for _, row := range c.ContactLink.Query().AllX(ctx) {
		found[row.ID] = row.String()
	}
	return found
}

// singles sees that of each there is one at most (laws L1, S1, T1, T2).
func (l *life) singles() {
	ctx, c := l.system(), l.store.Client()
	seen := map[string]bool{}
	once := func(law, what string) {
		if seen[what] {
			l.fail("%s: there are two: %s", law, what)
		}
		seen[what] = true
	}
	for _, s := range c.Share.Query().AllX(ctx) {
		if s.Status == "ACTIVE" || s.Status == "PENDING" {
			once("S1", s.RecordID+" to "+s.GranteeID)
		}
	}
	for _, t := range c.Transfer.Query().Where(transfer.StatusEQ(transfer.StatusOFFERED)).AllX(ctx) {
		once("T2", t.RecordID+" is offered")
	}
	for _, k := range c.RecordLink.Query().Where(recordlink.UnlinkedAtIsNil()).AllX(ctx) {
		once("L1", k.RecordID+" links "+k.ProfileID)
	}
	for _, r := range c.Record.Query().WithOwner().AllX(ctx) {
		once("T1", r.WorkspaceID+" has a number "+r.Number)
		if r.Edges.Owner.WorkspaceID != r.WorkspaceID {
			l.fail("T1: %s is in %s, and its owner in %s", r.ID, r.WorkspaceID, r.Edges.Owner.WorkspaceID)
		}
	}
}

// chains follows the owners of each record from the first to the last, hand-over by hand-over.
func (l *life) chains() {
	ctx, c := l.system(), l.store.Client()
	owner, epoch := map[string]string{}, map[string]int{}
	for id, first := range l.owners {
		owner[id], epoch[id] = first, 1
	}
	for _, t := range c.Transfer.Query().Where(transfer.StatusEQ(transfer.StatusACCEPTED)).
		Order(transfer.ByBaseEpoch(sql.OrderAsc())).AllX(ctx) {
		if t.FromID != owner[t.RecordID] || t.BaseEpoch != epoch[t.RecordID] {
			l.fail("%s came from %s in epoch %d, and was of %s in epoch %d", t.RecordID, t.FromID, t.BaseEpoch, owner[t.RecordID], epoch[t.RecordID])
		}
		owner[t.RecordID] = *t.NewOwnerID
		epoch[t.RecordID]++
	}
	for _, r := range c.Record.Query().AllX(ctx) {
		if r.OwnerID != owner[r.ID] || r.OwnerEpoch != epoch[r.ID] {
			l.fail("%s is of %s in epoch %d, and its history says %s in epoch %d", r.ID, r.OwnerID, r.OwnerEpoch, owner[r.ID], epoch[r.ID])
		}
	}
}

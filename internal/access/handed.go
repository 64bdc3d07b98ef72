package access

import (
	"context"

	entgo "entgo.io/ent"

	"continuum/ent"
	"continuum/ent/transfer"
	"continuum/schema"
)

// What is shared and handed over: who sees the shares, the transfers, and what they leave.

// Whoever holds a share sees it; whoever edits the record sees all of its shares.
func (v *Viewer) readableShares() set {
	return set{
		from(`SELECT s.id FROM shares s WHERE s.grantee_id @in`, v.Principals()),
		from(`SELECT s.id FROM shares s WHERE s.record_id @set`, v.editableRecords()),
	}
}

// Whoever edits the record changes its shares.
func (v *Viewer) givenShares() set {
	return set{from(`SELECT s.id FROM shares s WHERE s.record_id @set`, v.editableRecords())}
}

// Whoever holds a share that has not ended may take it or give it back: for their
// workspace, those who oversee it.
func (v *Viewer) heldShares() set {
	return set{from(`SELECT s.id FROM shares s WHERE s.grantee_id @in AND s.status IN ('PENDING', 'ACTIVE')`, v.Answers())}
}

// Answers lists the principals for whom the viewer accepts, declines and gives back:
// themselves, the units they belong to, and the workspace that they oversee.
func (v *Viewer) Answers() []string {
	answers := v.Sides()
	if v.Oversees() {
		answers = append(answers, v.WorkspaceID)
	}
	return answers
}

// A transfer is seen by both of its parties: the owner who gives and those for whom it
// is received, be they a unit or, by those who oversee it, a workspace.
func (v *Viewer) ownTransfers() set { return v.ownOf(`t.id FROM transfers t`, from) }

func (v *Viewer) ownOf(selected string, from func(string, ...any) branch) set {
	return set{
		from(`SELECT `+selected+` WHERE t.to_id @in`, v.Answers()),
		from(`SELECT `+selected+` WHERE t.from_id @in`, v.Sides()),
	}
}

// Whoever oversees a workspace sees besides that a record of it is offered, or one is
// offered into it, and never what the parties say to each other.
func (v *Viewer) readableTransfers() set { return v.transfersOf(`t.id FROM transfers t`, from) }

func (v *Viewer) transfersOf(selected string, from func(string, ...any) branch) set {
	s := v.ownOf(selected, from)
	if v.Oversees() {
		s = append(s,
			from(`SELECT `+selected+` WHERE t.to_workspace_id = @arg`, v.WorkspaceID),
			from(`SELECT `+selected+` WHERE t.from_workspace_id = @arg`, v.WorkspaceID))
	}
	return s
}

// seeTransfers is the rule of transfers.
func seeTransfers(v *Viewer, q *entgo.QueryContext) set {
	if seesColumns(q) {
		return v.ownTransfers()
	}
	return v.readableTransfers()
}

// An open transfer is ended, and a request granted, by whoever owns the record.
func (v *Viewer) givenTransfers() set {
	return set{from(`SELECT t.id FROM transfers t WHERE t.from_id @in AND t.status IN ('OFFERED', 'REQUESTED')`, v.Owns())}
}

// An open transfer is declined, or no longer asked for, by those for whom it is received.
// They accept it through the door.
func (v *Viewer) receivedTransfers() set {
	return set{from(`SELECT t.id FROM transfers t WHERE t.to_id @in AND t.status IN ('OFFERED', 'REQUESTED')`, v.Answers())}
}

// opensTransfer says whether a new transfer is the viewer's to open: whoever reads a record
// asks for it, its owner offers it, and nobody begins with what is settled.
func opensTransfer(ctx context.Context, m ent.Mutation) (bool, error) {
	t := m.(*ent.TransferMutation)
	status, _ := t.Status()
	recordID, _ := t.RecordID()
	switch status {
	case transfer.StatusREQUESTED:
		return true, nil
	case transfer.StatusOFFERED:
		return sees(ctx, t.Client(), recordOwner, recordID)
	default:
		return false, nil
	}
}

// namedIn selects, one by one, whom a transfer names.
const namedIn = `CASE n.i WHEN 1 THEN t.from_id WHEN 2 THEN t.to_id WHEN 3 THEN t.created_by_id` +
	` WHEN 4 THEN t.answered_by_id ELSE t.new_owner_id END FROM transfers t CROSS JOIN` +
	` (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) n`

// parties is whom the shares and transfers that the viewer sees name.
func (v *Viewer) parties() set {
	if !v.Has(schema.ScopeRecordsRead) {
		return nil
	}
	return append(set{
		onlyFrom(`SELECT s.created_by_id FROM shares s WHERE s.grantee_id @in`, v.Principals()),
		onlyFrom(`SELECT s.created_by_id FROM shares s WHERE s.record_id @set`, v.editableRecords()),
		onlyFrom(`SELECT s.grantee_id FROM shares s WHERE s.record_id @set`, v.editableRecords()),
	}, v.transfersOf(namedIn, onlyFrom)...)
}

// A sealed copy is its holder's: the previous owner's, or the members' of the unit that
// owned the record.
func (v *Viewer) readableSealedCopies() set {
	return set{from(`SELECT c.id FROM sealed_copies c WHERE c.holder_id @in`, v.Sides())}
}

// The consents that a workspace keeps are for its professionals who see the profile.
func (v *Viewer) readableConsents() set {
	return set{from(`SELECT c.id FROM consents c WHERE c.workspace_id = @arg AND c.profile_id @set`,
		v.WorkspaceID, v.readableProfiles())}
}

// A consent is withdrawn by those of its workspace who edit the profile.
func (v *Viewer) editableConsents() set {
	return set{from(`SELECT c.id FROM consents c WHERE c.workspace_id = @arg AND c.profile_id @set`,
		v.WorkspaceID, v.editableProfiles())}
}

// An emergency access is seen by its holder, by whoever edits the record, and by those
// who oversee the workspace.
func (v *Viewer) readableEmergencies() set {
	return append(set{
		from(`SELECT e.id FROM emergency_accesses e WHERE e.professional_id = @arg`, v.ProfessionalID),
		from(`SELECT e.id FROM emergency_accesses e WHERE e.workspace_id = @arg AND e.record_id @set`,
			v.WorkspaceID, v.editableRecords()),
	}, v.overseenEmergencies()...)
}

// Emergency accesses are reviewed by those who oversee the workspace.
func (v *Viewer) overseenEmergencies() set {
	if !v.Oversees() {
		return nil
	}
	return set{from(`SELECT e.id FROM emergency_accesses e WHERE e.workspace_id = @arg`, v.WorkspaceID)}
}

// In an emergency a coordinator or an administrator may open any record of the
// workspace, and a member of a unit those of the others in it; never a confidential one.
func (v *Viewer) emergencyRecords() set {
	const open = ` AND NOT r.confidential AND r.status <> 'BINNED'`
	s := set{from(`SELECT r.id FROM unit_members m JOIN records r ON r.owner_id = m.professional_id`+
		` WHERE m.unit_id @in AND m.ended_at IS NULL AND r.workspace_id = @arg`+open, v.Units(), v.WorkspaceID)}
	if v.Oversees() {
		s = append(s, from(`SELECT r.id FROM records r WHERE r.workspace_id = @arg`+open, v.WorkspaceID))
	}
	return s
}

// OpensInEmergency says whether the viewer may open a record in an emergency.
func OpensInEmergency(ctx context.Context, client *ent.Client, recordID string) (bool, error) {
	return sees(ctx, client, recordEmergency, recordID)
}

// A notification is for the one professional whom it tells.
func (v *Viewer) ownNotifications() set {
	return set{from(`SELECT n.id FROM notifications n WHERE n.professional_id = @arg`, v.ProfessionalID)}
}

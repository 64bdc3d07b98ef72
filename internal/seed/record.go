package seed

import (
	"context"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/recordlink"
)

// The demo's records.
const (
	couple     = "couple"
	assessment = "assessment" // of Léa, at school
	speech     = "speech"     // of Léa, at the clinic
	family     = "family"
	group      = "group"
	loss       = "loss"
	attention  = "attention"
	anxiety    = "anxiety"
	exams      = "exams"
	stroke     = "stroke"
	evening    = "evening"
)

type demoRecord struct {
	id, workspace, owner, number string
	kind                         record.Kind
	title, service, reason       string
	status                       record.Status
	confidential                 bool
	opened                       int // day; a draft has none
}

// owner of a record is a unit's id or a professional's.
var records = []demoRecord{
	{couple, clinic, professionalID(ann), "2026-4K72QX", record.KindCOUPLE, "Couple counselling", "Psychology",
		"They ask for help to talk about the coming move.", record.StatusOPEN, false, 10},
	{assessment, school, professionalID(bob), "2026-8HD51W", record.KindINDIVIDUAL, "Learning assessment", "School psychology",
		"Her teacher sees that reading costs her much.", record.StatusOPEN, false, 5},
	{speech, clinic, unitID(language), "2026-J3P96T", record.KindINDIVIDUAL, "Speech therapy", "Speech therapy",
		"Her parents ask for weekly sessions.", record.StatusOPEN, false, 12},
	{family, school, professionalID(bob), "2026-2VN7RC", record.KindFAMILY, "Support between two homes", "School psychology",
		"The children live with each parent in turn since the summer.", record.StatusOPEN, false, 15},
	{group, school, unitID(psychosocial), "2026-M5A30F", record.KindGROUP, "Social skills, grades 5 and 6", "Social work",
		"Ten meetings at noon, on Thursdays.", record.StatusOPEN, false, 8},
	{loss, school, professionalID(bob), "2026-Q9S84B", record.KindINDIVIDUAL, "Support after a loss", "School psychology",
		"", record.StatusOPEN, true, 20},
	{attention, school, professionalID(bob), "2026-6XG18J", record.KindINDIVIDUAL, "Attention and organisation", "School psychology",
		"Shared with the clinic that treats him.", record.StatusOPEN, false, 6},
	{anxiety, clinic, professionalID(ann), "2026-T2E47H", record.KindINDIVIDUAL, "Anxiety", "Psychology",
		"", record.StatusOPEN, false, 9},
	{exams, clinic, professionalID(ann), "2026-9CM65N", record.KindINDIVIDUAL, "Exam stress", "Psychology",
		"", record.StatusARCHIVED, false, 1},
	{stroke, clinic, professionalID(ben), "2026-W7Z20G", record.KindINDIVIDUAL, "Speech after a stroke", "Speech therapy",
		"", record.StatusARCHIVED, false, 2},
	{evening, clinic, professionalID(ann), "2026-5RB93K", record.KindGROUP, "Parents' evenings", "Psychology",
		"", record.StatusDRAFT, false, 0},
}

func recordID(name string) string { return id("rec", name) }

func writeRecords(ctx context.Context, tx *ent.Client) error {
	for _, r := range records {
		made := day(r.opened)
		create := tx.Record.Create().SetID(recordID(r.id)).SetWorkspaceID(workspaceID(r.workspace)).SetNumber(r.number).
			SetTitle(r.title).SetKind(r.kind).SetService(r.service).SetNillableReason(optional(r.reason)).
			SetStatus(r.status).SetConfidential(r.confidential).SetOwnerID(r.owner).
			SetCreatedAt(made).SetUpdatedAt(made)
		if r.status != record.StatusDRAFT {
			create.SetOpenedAt(made)
		}
		if r.status == record.StatusARCHIVED {
			create.SetClosedAt(day(60)).SetUpdatedAt(day(60))
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// writeRecordLinks links the profiles of each record, in their order: the role of the first, then that of the others.
func writeRecordLinks(ctx context.Context, tx *ent.Client) error {
	const primary, secondary, participant = recordlink.RolePRIMARY, recordlink.RoleSECONDARY, recordlink.RolePARTICIPANT
	for _, l := range []struct {
		record        string
		linked        int // day
		first, others recordlink.Role
		profiles      []string
	}{
		{couple, 10, primary, secondary, []string{elodie, julien}},
		{assessment, 5, primary, "", []string{lea}},
		{speech, 12, primary, "", []string{lea}},
		{family, 15, primary, secondary, []string{noah, lea, mia}},
		{group, 8, participant, participant, []string{noah, rosalie, samuel, yasmine, liam, anais}},
		{loss, 20, primary, "", []string{julien}},
		{attention, 6, primary, "", []string{olivier}},
		{anxiety, 9, primary, "", []string{gabriel}},
		{exams, 1, primary, "", []string{elodie}},
		{stroke, 2, primary, "", []string{marguerite}},
	} {
		role := l.first
		for i, profile := range l.profiles {
			if err := recordLink(tx, l.record, profile, role, i, l.linked).Exec(ctx); err != nil {
				return err
			}
			role = l.others
		}
	}
	// Kevin took part in the group and left.
	return recordLink(tx, group, kevin, participant, 6, 8).SetUnlinkedAt(day(50)).SetUnlinkedByID(professionalID(sam)).
		SetUnlinkReason("Moved to another school.").SetUpdatedAt(day(50)).SetVersion(2).Exec(ctx)
}

func recordLink(tx *ent.Client, record, profile string, role recordlink.Role, position, linked int) *ent.RecordLinkCreate {
	return tx.RecordLink.Create().SetID(id("link", record+" "+profile)).SetRecordID(recordID(record)).
		SetProfileID(profileID(profile)).SetRole(role).SetPosition(position).
		SetLinkedAt(day(linked)).SetUpdatedAt(day(linked))
}

package access_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/internal/oracle"
	"continuum/internal/storetest"
)

var steps = flag.Int("oracle.steps", 2000, "how many steps of random histories to compare with the oracle, on each engine")

// TestHistories lives random histories and asks the guard and the oracle, after
// each step, what everybody may see and do.
func TestHistories(t *testing.T) {
	seed := seedHistories(t)
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, engine)
			begin, count, broken := time.Now(), 0, false
			rapid.Check(t, func(t *rapid.T) {
				if count >= *steps && !broken {
					return
				}
				h := &history{world: newWorld(t, s)}
				whole := false
				defer func() { broken = broken || !whole }()
				h.live(t)
				count += h.steps
				whole = true
			})
			t.Logf("oracle: %s seed %d, %d steps compared in %v", storetest.Name(engine), seed, count, time.Since(begin).Round(time.Millisecond))
		})
	}
}

// seedHistories fixes the seed, so that it can be told of a run that passes too,
// and the number of histories, more than are needed for the steps.
func seedHistories(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if seed == 0 {
		seed = rand.Uint64N(1 << 32)
	}
	for name, value := range map[string]string{
		"rapid.seed": fmt.Sprint(seed), "rapid.checks": fmt.Sprint(*steps + 1), "rapid.steps": "40",
		"rapid.nofailfile": "true", // the seed is enough to see it again
	} {
		before := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, before) })
	}
	return seed
}

// history is a world in which things happen.
type history struct {
	*world
	steps int
}

// live begins a world in an empty database and lets things happen in it.
func (h *history) live(t *rapid.T) {
	h.clear()
	h.begin()
	actions := h.actions()
	actions[""] = func(*rapid.T) { h.step() }
	t.Repeat(actions)
	h.compare(slices.Concat(compared, derived, rest))
	h.compareContacts(ids(h.facts.Contacts)...)
	h.compareChanges()
}

// step compares what has become of the world.
func (h *history) step() {
	h.steps++
	h.guestsAgree()
	if turn := h.steps % (len(derived) + 1); turn < len(derived) {
		h.compare(append(slices.Clone(compared), derived[turn]))
		return
	}
	h.compare(compared)
	if contacts := ids(h.facts.Contacts); len(contacts) > 0 {
		h.compareContacts(contacts[h.steps%len(contacts)])
	}
}

// begin is two workspaces and a practice, six professionals, three units, and enough
// of everything else for much to happen at once.
func (h *history) begin() {
	h.batch(func() {
		clinic, school, practice := h.addWorkspace("clinic"), h.addWorkspace("school"), h.addWorkspace("practice")
		lycee, hospital := h.addInstitution("lycee", school), h.addInstitution("hospital", clinic)
		account := h.addAccount("ann")
		ann := h.addProfessional("ann", oracle.Professional{Workspace: clinic, Account: account})
		bea := h.addProfessional("bea", oracle.Professional{Workspace: clinic, Roles: []string{"COORDINATOR"}})
		cid := h.addProfessional("cid", oracle.Professional{Workspace: clinic, Scope: "INSTITUTIONS", Right: "READ",
			Institutions: []string{hospital, lycee}})
		dan := h.addProfessional("dan", oracle.Professional{Workspace: school, Scope: "ALL", Right: "EDIT"})
		eve := h.addProfessional("eve", oracle.Professional{Workspace: school, Scope: "INSTITUTIONS", Right: "EDIT",
			Institutions: []string{lycee}})
		fay := h.addProfessional("fay", oracle.Professional{Workspace: practice, Account: account})
		team, crew, staff := h.addUnit("team", clinic), h.addUnit("crew", clinic), h.addUnit("staff", school)
		h.addMember(team, ann, true)
		h.addMember(team, cid, false)
		h.addMember(crew, bea, false)
		h.addMember(staff, dan, true)
		h.addMember(staff, eve, false)

		mia := h.addProfile("mia", oracle.Profile{Home: clinic, Creator: ann, Institution: hospital})
		noa := h.addProfile("noa", oracle.Profile{Home: school, Creator: eve, Institution: lycee})
		leo := h.addProfile("leo", oracle.Profile{Home: practice, Creator: fay})
		own := h.addRecord("own", oracle.Record{Workspace: clinic, Owner: ann})
		common := h.addRecord("common", oracle.Record{Workspace: clinic, Owner: team, Confidential: true})
		program := h.addRecord("program", oracle.Record{Workspace: school, Owner: staff})
		private := h.addRecord("private", oracle.Record{Workspace: practice, Owner: fay})
		h.addLink(own, mia)
		h.addLink(common, noa)
		h.addLink(program, noa)
		h.addLink(private, leo)
		for _, s := range []oracle.Share{
			{Record: own, Grantee: eve, Giver: ann, Level: oracle.Read},
			{Record: own, Grantee: practice, Giver: ann, Level: oracle.Full},
			{Record: program, Grantee: crew, Giver: dan, Level: oracle.Write},
			{Record: private, Grantee: cid, Giver: fay, Level: oracle.Full, Expires: h.facts.Now.Add(time.Hour)},
		} {
			h.addShare(s)
		}
		h.addTransfer(oracle.Transfer{Record: own, To: staff, By: ann})
		h.addEmergency(oracle.Emergency{Record: own, Professional: bea})
		h.addConsent(clinic, mia)
		gus := h.addContact("gus", oracle.Contact{Home: clinic, Creator: ann})
		h.addContactLink(mia, gus)
		h.addContactLink(noa, gus)
	})
}

// clear empties the database, children first.
func (h *history) clear() {
	h.write(func(ctx context.Context, tx *ent.Client) error {
		for _, typ := range []string{
			ent.TypeNotification, ent.TypeEmergencyAccess, ent.TypeConsent, ent.TypeSealedCopy, ent.TypeTransfer,
			ent.TypeWorkspaceProfile, ent.TypeContactPoint, ent.TypeAddress, ent.TypeIdentifier, ent.TypeContactLink,
			ent.TypeContact, ent.TypeShare, ent.TypeRecordLink, ent.TypeRecord, ent.TypeProfile, ent.TypeUnitMember,
			ent.TypeUnit, ent.TypeProfessional, ent.TypeAccount, ent.TypeInstitution, ent.TypePrincipal, ent.TypeWorkspace,
		} {
			if _, err := remove(ctx, tx, typ, everywhere); err != nil {
				return err
			}
		}
		return nil
	})
}

package graph_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/graph"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/seal"
	"continuum/schema"
)

// randomWorld is a house of which two handlers answer: one as it is served, one by the resolvers alone.
type randomWorld struct {
	*house
	now           time.Time // when it was furnished; nothing moves the clock but an operation that says so
	pool          *pool
	practice      *practice.Practice
	served, alone http.Handler
	seats         map[string]*access.Viewer // by viewer and time
	fell          int                       // operations that the resolvers answered in the end
	dice          *rand.Rand
	changed       int // what became of the world meanwhile
}

// newRandomWorld furnishes a house, with crowds, and with keys that lack scopes.
func newRandomWorld(t *testing.T, url string, seed uint64) *randomWorld {
	t.Helper()
	w := &randomWorld{house: furnished(t, url), seats: map[string]*access.Viewer{}, dice: rand.New(rand.NewPCG(seed, 1))}
	keys, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	w.practice = practice.New(w.store, practice.WithSeal(keys))
	w.addCrowds()
	w.addNarrowKeys()
	w.now = time.Now().UTC().Truncate(time.Microsecond)
	config := graph.Config{
		Practice: w.practice, Store: w.store, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		RequestID: func(context.Context) string { return "the request" }, Shelf: w.shelf,
		Left: func() { w.fell++ },
	}
	w.served = graph.New(config)
	config.Resolvers, config.Left = true, nil
	w.alone = graph.New(config)
	w.sealOne()
	w.pool = w.look()
	return w
}

// addCrowds gives Ann lists that are longer than a page: a group of 130, a child in 25 records with 25 contacts.
func (w *randomWorld) addCrowds() {
	known := w.names()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		ann, clinic := known["Ann Lavoie@clinic"], known[clinicName]
		group, err := tx.Record.Create().SetWorkspaceID(clinic).SetOwnerID(ann).SetNumber("2026-CROWD").SetTitle("A crowd").
			SetKind(record.KindGROUP).SetService("Psychology").SetStatus(record.StatusOPEN).Save(ctx)
		if err != nil {
			return err
		}
		profiles, err := tx.Profile.MapCreateBulk(make([]struct{}, 130), func(c *ent.ProfileCreate, i int) {
			c.SetHomeWorkspaceID(clinic).SetKind("CLIENT").SetGivenName(fmt.Sprintf("Nº %03d", i)).SetFamilyName("Crowd").
				SetSortName(fmt.Sprintf("crowd no %03d", i/2)).SetCreatedByID(ann) // by twos they sort alike
		}).Save(ctx)
		if err != nil {
			return err
		}
		err = tx.RecordLink.MapCreateBulk(profiles, func(c *ent.RecordLinkCreate, i int) {
			c.SetRecordID(group.ID).SetProfileID(profiles[i].ID).SetRole("PARTICIPANT").SetPosition(i)
		}).Exec(ctx)
		if err != nil {
			return err
		}
		return w.crowdAround(ctx, tx, profiles[0].ID, ann, clinic)
	})
}

// crowdAround gives one profile 25 records and 25 contacts.
func (w *randomWorld) crowdAround(ctx context.Context, tx *ent.Client, profileID, ann, clinic string) error {
	records, err := tx.Record.MapCreateBulk(make([]struct{}, 25), func(c *ent.RecordCreate, i int) {
		c.SetWorkspaceID(clinic).SetOwnerID(ann).SetNumber(fmt.Sprintf("2026-C%04d", i)).SetTitle(fmt.Sprintf("Crowd %d", i)).
			SetKind(record.KindINDIVIDUAL).SetStatus(record.StatusOPEN)
	}).Save(ctx)
	if err != nil {
		return err
	}
	err = tx.RecordLink.MapCreateBulk(records, func(c *ent.RecordLinkCreate, i int) {
		c.SetRecordID(records[i].ID).SetProfileID(profileID).SetRole("PRIMARY")
	}).Exec(ctx)
	if err != nil {
		return err
	}
	contacts, err := tx.Contact.MapCreateBulk(make([]struct{}, 25), func(c *ent.ContactCreate, i int) {
		c.SetHomeWorkspaceID(clinic).SetGivenName(fmt.Sprintf("Aunt %d", i)).SetSortName("aunt").SetCreatedByID(ann)
	}).Save(ctx)
	if err != nil {
		return err
	}
	return tx.ContactLink.MapCreateBulk(contacts, func(c *ent.ContactLinkCreate, i int) {
		c.SetContactID(contacts[i].ID).SetProfileID(profileID).SetRelationship("RELATIVE")
	}).Exec(ctx)
}

// addNarrowKeys gives some people keys that lack some scopes, and one of them a key that has none.
func (w *randomWorld) addNarrowKeys() {
	known := w.names()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		for i, name := range []string{"Ann Lavoie@clinic", "Bob Gagnon@school", "Dina Haddad@clinic", "Sam Ouellet@school", "Adam Fortin@school"} {
			var scopes []schema.Scope
			for _, scope := range schema.AllScopes() {
				if i < 4 && w.dice.IntN(4) > 0 {
					scopes = append(scopes, scope)
				}
			}
			if err := w.addKey(ctx, tx, fmt.Sprintf("narrow %d", i), known[name], scopes...); err != nil {
				return err
			}
		}
		return nil
	})
}

// sealOne puts a sealed copy of Olivier's record into the place of one that no key opens.
func (w *randomWorld) sealOne() {
	w.t.Helper()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		_, err := tx.SealedCopy.Delete().Exec(ctx)
		return err
	})
	known := w.names()
	offer := w.answer(w.alone, operation{who: "bob", text: `mutation($r:ID!,$to:ID!){transferRecord(input:{recordId:$r,toId:$to,previousOwnerKeeps:SEALED_COPY,
		includesConfidential:true,consentOverride:"He asked for it."}){transfer{id} userErrors{message}}}`, variables: vars{"r": known[olivierRecord], "to": known["Ann Lavoie@clinic"]}})
	id := regexp.MustCompile(`xfer_\w+`).FindString(offer.body)
	taken := w.answer(w.alone, operation{who: "ann", text: `mutation($id:ID!){acceptTransfer(input:{id:$id}){transfer{status} userErrors{message}}}`, variables: vars{"id": id}})
	if !strings.Contains(taken.body, `"ACCEPTED"`) {
		w.t.Fatalf("%s, %s", offer.body, taken.body)
	}
	clear(w.seats)
}

// sit signs somebody in, as of some time after the world was made; nil when their key opens nothing any more.
func (w *randomWorld) sit(who string, later time.Duration) (context.Context, *access.Viewer) {
	w.t.Helper()
	ctx := access.WithClock(w.t.Context(), w.now.Add(later))
	seat := fmt.Sprint(who, later)
	if _, known := w.seats[seat]; !known {
		viewer, err := w.practice.SignIn(ctx, w.keys[who])
		if err != nil {
			w.t.Fatal(err)
		}
		w.seats[seat] = viewer
	}
	return ctx, w.seats[seat]
}

// asked is what came of an operation.
type asked struct {
	status     int
	kind, body string
	statements []string
}

// answer has a handler answer an operation.
func (w *randomWorld) answer(by http.Handler, o operation) asked {
	w.t.Helper()
	spent := &tally{}
	ctx, viewer := w.sit(o.who, o.later)
	ctx = context.WithValue(ctx, tallyKey{}, spent)
	if viewer != nil {
		ctx = access.WithViewer(ctx, viewer)
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(o.body()))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", o.accept)
	recorder := httptest.NewRecorder()
	by.ServeHTTP(recorder, r)
	return asked{recorder.Code, recorder.Header().Get("Content-Type"), recorder.Body.String(), spent.statements}
}

// live lets things happen in the world: mutations as the probes have them, with rows of the viewer's and of others.
func (w *randomWorld) live(changes int) {
	w.t.Helper()
	var all []string
	for _, place := range slices.Sorted(maps.Keys(probes)) {
		if probes[place].kind(place) == "mutation" && !slices.Contains(ending, place) {
			all = append(all, place)
		}
	}
	for range changes {
		place := all[w.dice.IntN(len(all))]
		who := w.pool.viewers[w.dice.IntN(len(w.pool.viewers))]
		own := map[string]string{}
		for _, prefix := range w.pool.prefixes {
			own[prefix] = w.some(who, prefix)
		}
		id := probes[place].absent()
		if of := probes[place].prefixes(); len(of) > 0 {
			id = cmp.Or(w.some(who, of[w.dice.IntN(len(of))]), id)
		}
		came := w.answer(w.alone, operation{who: who, text: probes[place].operation(place, own), variables: vars{"id": id}})
		if !strings.Contains(came.body, `"code":`) {
			w.changed++
		}
		w.pool.learn(who, came.body)
	}
	clear(w.seats)
}

// ending are the probes after which somebody is gone for good: a world in which all are gone has little to ask.
var ending = []string{"EndProfessionalInput.professionalId", "SetProfessionalRolesInput.professionalId", "RevokeApiKeyInput.id", "ArchiveProfileInput.id"}

// some is a row of a type, mostly one that the viewer has been told of.
func (w *randomWorld) some(who, prefix string) string {
	known := w.pool.seen[who][prefix]
	if len(known) == 0 || w.dice.IntN(5) == 0 {
		known = w.pool.all[prefix]
	}
	if len(known) == 0 {
		return ""
	}
	return known[w.dice.IntN(len(known))]
}

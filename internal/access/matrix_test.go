package access_test

import (
	"context"
	"errors"
	"testing"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// rights of one type: who may do something with which rows, by their names.
// Whoever is not named may with none.
type rights map[string]string

// matrix tells, of each type, who sees which rows, who may change them, and who
// may remove them. The cast is in cast_test.go.
var matrix = map[string]struct{ see, change, remove rights }{
	ent.TypeWorkspace: {
		see: rights{
			"ann":  "clinic practice school", // she has shared with bob and zoe
			"cleo": "clinic school", "ada": "clinic school", "annkey": "clinic",
			"bob":    "clinic practice school", // therapy is shared with him, and not with his key
			"bobkey": "school", "sue": "clinic school", "tom": "clinic school", "max": "school",
			"zoe": "clinic practice school", // she is told who offers her a record, and whom she asked
		},
		change: rights{"ada": "clinic"},
	},
	ent.TypeAccount: {
		see: rights{"ann": "account of ann", "annkey": "account of ann", "bob": "account of bob", "bobkey": "account of bob"},
	},
	ent.TypeProfessional: {
		see: rights{
			"ann": "ada ann bob cleo eli sue zoe", "annkey": "ann",
			"cleo": "ada ann cleo eli sue", "ada": "ada ann cleo eli sue", // sue has shared and offered the program
			"bob": "ann bob max sue tom zoe", "bobkey": "bob", // ann owns what is shared with him
			"sue": "ann bob max sue tom", "tom": "ann bob max sue tom", "max": "bob max sue tom",
			"zoe": "ann bob zoe",
		},
		change: rights{"ada": "ada ann cleo eli"},
	},
	ent.TypePrincipal: {
		see: rights{
			"ann": "ada ann bob cleo eli staff sue zoe", "annkey": "ann",
			"cleo": "ada ann cleo clinic eli staff sue", "ada": "ada ann cleo clinic eli staff sue",
			"bob": "ann bob max staff sue tom zoe", "bobkey": "bob",
			"sue": "ann bob clinic max staff sue tom", "tom": "ann bob clinic max staff sue tom", "max": "bob max staff sue tom",
			"zoe": "ann bob zoe",
		},
	},
	ent.TypeUnit: {
		see: rights{
			"bob": "staff", "sue": "staff", "tom": "staff", "max": "staff",
			"ann": "staff", "cleo": "staff", "ada": "staff", // ann's record is offered to them
		},
		change: rights{"max": "staff"},
	},
	ent.TypeUnitMember: {
		see: rights{
			"bob": "sue in staff tom in staff", "sue": "sue in staff tom in staff",
			"tom": "sue in staff tom in staff", "max": "sue in staff tom in staff",
		},
		change: rights{
			"sue": "sue in staff tom in staff", "max": "sue in staff tom in staff",
			"tom": "tom in staff", // he may leave, and no more
		},
	},
	ent.TypeInstitution: {
		see: rights{
			"ann": "hospital", "cleo": "hospital", "ada": "hospital",
			"bob": "hospital lycee", // mia is at the hospital
			"sue": "lycee", "tom": "lycee", "max": "lycee",
		},
		change: rights{"cleo": "hospital", "ada": "hospital", "max": "lycee"},
	},
	ent.TypeProfile: {
		see: rights{
			"ann": "mia noa", "annkey": "mia noa",
			"bob": "leo mia", "bobkey": "leo mia",
			"sue": "leo ola", // ola she made herself; mia has left the program
			"tom": "leo", "max": "leo",
		},
		change: rights{"ann": "mia noa", "bob": "leo", "sue": "leo ola", "tom": "leo"},
	},
	ent.TypeContactPoint: {
		see: rights{
			"ann":    "telephone of mia telephone of pat",
			"annkey": "telephone of mia", // contacts are not within its scopes
			"bob":    "telephone of mia", "bobkey": "telephone of mia",
		},
		change: rights{"ann": "telephone of mia telephone of pat"},
		remove: rights{"ann": "telephone of mia telephone of pat"},
	},
	ent.TypeAddress: {
		see: rights{
			"ann": "address of gus",
			"bob": "address of gus address of leo address of lycee", "bobkey": "address of leo",
			"sue": "address of leo address of lycee", "tom": "address of leo address of lycee",
			"max": "address of leo address of lycee",
		},
		change: rights{
			"ann": "address of gus", "bob": "address of leo", "sue": "address of leo", "tom": "address of leo",
			"max": "address of lycee",
		},
		remove: rights{
			"ann": "address of gus", "bob": "address of leo", "sue": "address of leo", "tom": "address of leo",
			"max": "address of lycee",
		},
	},
	ent.TypeIdentifier: {
		see: rights{
			"ann": "number of mia", "annkey": "number of mia",
			"bob": "number of leo number of mia", "bobkey": "number of leo number of mia",
			"sue": "number of leo", "tom": "number of leo", "max": "number of leo",
		},
		change: rights{"ann": "number of mia", "bob": "number of leo", "sue": "number of leo", "tom": "number of leo"},
		remove: rights{"ann": "number of mia", "bob": "number of leo", "sue": "number of leo", "tom": "number of leo"},
	},
	ent.TypeWorkspaceProfile: {
		see:    rights{"ann": "clinic's mia", "annkey": "clinic's mia", "bob": "school's mia", "bobkey": "school's mia"},
		change: rights{"ann": "clinic's mia", "bob": "school's mia"},
	},
	ent.TypeContact: {
		see:    rights{"ann": "gus pat", "bob": "gus", "tom": "new"},
		change: rights{"ann": "gus pat", "tom": "new"},
	},
	ent.TypeContactLink: {
		see:    rights{"ann": "gus of mia pat of noa", "bob": "gus of mia"},
		change: rights{"ann": "gus of mia pat of noa"},
	},
	ent.TypeRecord: {
		see: rights{
			"ann": "secret therapy", "bob": "support therapy", "sue": "program", "tom": "program",
			"cleo": "secret therapy", "ada": "secret therapy", // that they exist: see TestMetadata
		},
		change: rights{"ann": "secret therapy", "bob": "support", "sue": "program", "tom": "program"},
	},
	ent.TypeRecordLink: {
		see: rights{
			"ann": "mia on therapy noa on secret", "bob": "leo on support mia on therapy",
			"sue": "leo on program mia on program", "tom": "leo on program mia on program", // mia's has ended
		},
		change: rights{
			"ann": "mia on therapy noa on secret", "bob": "leo on support",
			"sue": "leo on program mia on program", "tom": "leo on program mia on program",
		},
	},
	ent.TypeShare: {
		see: rights{
			"ann": "program to clinic secret to zoe therapy to bob",
			"bob": "therapy to bob", "zoe": "secret to zoe",
			"cleo": "program to clinic", "ada": "program to clinic", // it was theirs too, while it lasted
			"sue": "program to clinic", "tom": "program to clinic",
		},
		change: rights{
			"ann": "secret to zoe therapy to bob", "sue": "program to clinic", "tom": "program to clinic",
			// Those may take it or give it back, and no more.
			"bob": "therapy to bob", "zoe": "secret to zoe", "cleo": "program to clinic", "ada": "program to clinic",
		},
	},
	ent.TypeTransfer: {
		see: rights{
			"ann": "secret from ann to staff", "bob": "program from bob to staff support from bob to zoe",
			"sue": "program from bob to staff program from staff to clinic secret from ann to staff",
			"tom": "program from bob to staff program from staff to clinic secret from ann to staff",
			"zoe": "support from bob to zoe",
			// What leaves the clinic, and what is offered to it.
			"cleo": "program from staff to clinic secret from ann to staff",
			"ada":  "program from staff to clinic secret from ann to staff",
		},
		change: rights{
			"ann": "secret from ann to staff", "bob": "support from bob to zoe", "zoe": "support from bob to zoe",
			"sue":  "program from staff to clinic secret from ann to staff",
			"tom":  "secret from ann to staff", // only a steward takes back what the staff offers
			"cleo": "program from staff to clinic", "ada": "program from staff to clinic",
		},
	},
	ent.TypeSealedCopy: {see: rights{"bob": "copy of program"}},
	ent.TypeConsent: {
		see: rights{
			"ann": "clinic's consent of mia", "annkey": "clinic's consent of mia", // bob reads mia too, in the school
			"bob": "school's consent of leo", "bobkey": "school's consent of leo",
			"sue": "school's consent of leo", "tom": "school's consent of leo", "max": "school's consent of leo",
		},
		change: rights{
			"ann": "clinic's consent of mia",
			"bob": "school's consent of leo", "sue": "school's consent of leo", "tom": "school's consent of leo",
		},
	},
	ent.TypeEmergencyAccess: {
		see:    rights{"ann": "cleo into therapy", "cleo": "cleo into therapy", "ada": "cleo into therapy"},
		change: rights{"cleo": "cleo into therapy", "ada": "cleo into therapy"}, // to review it, and no more
	},
	ent.TypeNotification: {
		see:    rights{"ann": "word to ann", "bob": "word to bob"},
		change: rights{"ann": "word to ann", "bob": "word to bob"}, // to have read it, and no more
	},
	ent.TypeApiKey: {
		see:    rights{"ann": "key of ann", "ada": "key of ann"},
		change: rights{"ann": "key of ann", "ada": "key of ann"},
	},
	ent.TypeEvent:          {},
	ent.TypeIdempotencyKey: {}, // nobody is told what anybody asked for, themselves included
}

// TestMatrix asks everybody what they see and change of every type.
func TestMatrix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		for _, typ := range everyType() {
			t.Run(typ, func(t *testing.T) {
				rows, found := matrix[typ]
				if !found {
					t.Fatalf("%s has no place in the matrix: say who sees and changes it", typ)
				}
				for _, name := range people {
					ctx := c.signIn(name)
					if got := c.seen(t, ctx, typ); got != bracketed(rows.see[name]) {
						t.Errorf("%s sees %s, want %s", name, got, bracketed(rows.see[name]))
					}
					if got := c.changed(t, ctx, typ); got != bracketed(rows.change[name]) {
						t.Errorf("%s changes %s, want %s", name, got, bracketed(rows.change[name]))
					}
					if got := c.removed(t, ctx, typ); got != bracketed(rows.remove[name]) {
						t.Errorf("%s removes %s, want %s", name, got, bracketed(rows.remove[name]))
					}
				}
			})
		}
	})
}

func bracketed(names string) string { return "[" + names + "]" }

func (c *cast) seen(t *testing.T, ctx context.Context, typ string) string {
	t.Helper()
	found, err := rowsOf(ctx, c.store.Client(), typ, everywhere)
	if err != nil {
		t.Fatal(err)
	}
	return c.called(found)
}

// changed updates each row of a type by itself and lists those that gave way.
func (c *cast) changed(t *testing.T, ctx context.Context, typ string) string {
	t.Helper()
	return c.tried(t, ctx, typ, func(ctx context.Context, tx *ent.Client, id string) (int, error) {
		return update(ctx, tx, typ, only(id), "id", "id")
	})
}

// removed deletes each row of a type by itself and lists those that gave way.
func (c *cast) removed(t *testing.T, ctx context.Context, typ string) string {
	t.Helper()
	return c.tried(t, ctx, typ, func(ctx context.Context, tx *ent.Client, id string) (int, error) {
		return remove(ctx, tx, typ, only(id))
	})
}

// tried does something to each row of a type, and takes it back.
func (c *cast) tried(t *testing.T, ctx context.Context, typ string,
	do func(ctx context.Context, tx *ent.Client, id string) (int, error)) string {
	t.Helper()
	all, err := rowsOf(c.system(), c.store.Client(), typ, everywhere)
	if err != nil || len(all) == 0 {
		t.Fatalf("there is no %s to try: %v", typ, err)
	}
	var done []string
	c.undone(t, ctx, func(ctx context.Context, tx *ent.Client) {
		for _, id := range all {
			n, err := do(ctx, tx, id)
			if err != nil && !errors.Is(err, access.ErrRefused) {
				t.Fatal(err)
			}
			if n > 0 {
				done = append(done, id)
			}
		}
	})
	return c.called(done)
}

// undone does something in a transaction that is rolled back.
func (c *cast) undone(t *testing.T, ctx context.Context, do func(ctx context.Context, tx *ent.Client)) {
	t.Helper()
	err := c.store.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		do(ctx, tx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

package access_test

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/schema"
)

// cast is a fixed world whose people and things go by their names.
//
// In the clinic, ann follows mia and noa, cleo coordinates, ada administers and
// eli has left. In the school, bob follows leo; sue answers for the staff and tom
// works on it; max reads the directory of the lycee. In a practice of her own, zoe
// knows nobody. Ann's record of mia is shared with bob. Ann offers her other record to
// the staff, the staff theirs to the clinic, and zoe asks for bob's.
type cast struct {
	*world
	id map[string]string // by name
}

// people of the cast, in the order of the tables; annkey and bobkey are keys of
// theirs that may read profiles only, and nobody is not signed in.
var people = []string{"ann", "bob", "cleo", "ada", "sue", "tom", "max", "zoe", "eli", "annkey", "bobkey", "nobody"}

func newCast(t rapid.TB, s *store.Store) *cast {
	c := &cast{world: newWorld(t, s), id: map[string]string{}}
	c.batch(func() {
		c.places()
		c.professionals()
		c.followed()
		c.contacts()
		c.handed()
		c.rest()
	})
	for id, name := range c.names {
		c.id[name] = id
	}
	return c
}

// of is the id that goes by a name, for adding what hangs on it.
func (c *cast) of(name string) string {
	for id, known := range c.names {
		if known == name {
			return id
		}
	}
	c.Fatalf("nothing is called %q", name)
	return ""
}

// signIn asks for one of the people.
func (c *cast) signIn(name string) context.Context {
	switch name {
	case "annkey", "bobkey":
		return c.as(c.id[name[:3]], schema.ScopeProfilesRead)
	case "nobody":
		return c.as("")
	default:
		return c.as(c.id[name])
	}
}

func (c *cast) places() {
	for _, name := range []string{"clinic", "school", "practice"} {
		c.addWorkspace(name)
	}
	c.addInstitution("hospital", c.of("clinic"))
	c.addInstitution("lycee", c.of("school"))
	c.addUnit("staff", c.of("school"))
}

func (c *cast) professionals() {
	clinic, school := c.of("clinic"), c.of("school")
	c.addProfessional("ann", oracle.Professional{Workspace: clinic, Account: c.addAccount("ann")})
	c.addProfessional("cleo", oracle.Professional{Workspace: clinic, Roles: []string{"COORDINATOR"}})
	c.addProfessional("ada", oracle.Professional{Workspace: clinic, Roles: []string{"ADMINISTRATOR"}})
	c.addProfessional("eli", oracle.Professional{Workspace: clinic, Status: "ENDED"})
	c.addProfessional("bob", oracle.Professional{Workspace: school, Account: c.addAccount("bob")})
	c.addProfessional("sue", oracle.Professional{Workspace: school})
	c.addProfessional("tom", oracle.Professional{Workspace: school})
	c.addProfessional("max", oracle.Professional{Workspace: school, Roles: []string{"MANAGER"},
		Scope: "INSTITUTIONS", Right: "READ", Institutions: []string{c.of("lycee")}})
	c.addProfessional("zoe", oracle.Professional{Workspace: c.of("practice")})
	c.addMember(c.of("staff"), c.of("sue"), true)
	c.addMember(c.of("staff"), c.of("tom"), false)
}

func (c *cast) followed() {
	clinic, school := c.of("clinic"), c.of("school")
	mia := c.addProfile("mia", oracle.Profile{Home: clinic, Creator: c.of("ann"), Institution: c.of("hospital")})
	noa := c.addProfile("noa", oracle.Profile{Home: clinic, Creator: c.of("ann")})
	leo := c.addProfile("leo", oracle.Profile{Home: school, Creator: c.of("bob"), Institution: c.of("lycee")})
	c.addProfile("ola", oracle.Profile{Home: school, Creator: c.of("sue")}) // in no record yet

	therapy := c.addRecord("therapy", oracle.Record{Workspace: clinic, Owner: c.of("ann")})
	secret := c.addRecord("secret", oracle.Record{Workspace: clinic, Owner: c.of("ann"), Confidential: true})
	support := c.addRecord("support", oracle.Record{Workspace: school, Owner: c.of("bob")})
	program := c.addRecord("program", oracle.Record{Workspace: school, Owner: c.of("staff")})
	c.addLink(therapy, mia)
	c.addLink(secret, noa)
	c.addLink(support, leo)
	c.addLink(program, leo)
	past := c.addLink(program, mia)
	c.facts.Links[past].To = c.facts.Now
	c.saveLink(past)

	c.addShare(oracle.Share{Record: therapy, Grantee: c.of("bob"), Giver: c.of("ann"), Level: oracle.Read})
	c.addShare(oracle.Share{Record: secret, Grantee: c.of("zoe"), Giver: c.of("ann"), Level: oracle.Full, Status: "PENDING"})
	c.addShare(oracle.Share{Record: program, Grantee: c.of("clinic"), Giver: c.of("sue"), Level: oracle.Full,
		Expires: c.facts.Now.Add(-time.Hour), Starts: c.facts.Now.Add(-2 * time.Hour)})
}

func (c *cast) contacts() {
	gus := c.addContact("gus", oracle.Contact{Home: c.of("clinic"), Creator: c.of("ann")})
	pat := c.addContact("pat", oracle.Contact{Home: c.of("clinic"), Creator: c.of("ann")})
	c.addContact("new", oracle.Contact{Home: c.of("school"), Creator: c.of("tom")}) // of nobody yet
	c.addContactLink(c.of("mia"), gus)
	c.addContactLink(c.of("noa"), pat)
}

// handed is what is offered and asked for, what was left with bob when the staff took
// the program over from him, and the look that cleo once took in an emergency.
func (c *cast) handed() {
	therapy, secret, support, program := c.of("therapy"), c.of("secret"), c.of("support"), c.of("program")
	c.addTransfer(oracle.Transfer{Record: secret, To: c.of("staff"), By: c.of("ann")})
	c.addTransfer(oracle.Transfer{Record: program, To: c.of("clinic"), By: c.of("sue")})
	c.addTransfer(oracle.Transfer{Record: support, To: c.of("zoe"), By: c.of("zoe"), Mode: "REQUEST", Status: "REQUESTED"})
	past := c.addTransfer(oracle.Transfer{Record: program, From: c.of("bob"), To: c.of("staff"), By: c.of("bob"),
		Mode: "OFFER", Status: "ACCEPTED", NewOwner: c.of("staff"), Answered: c.of("tom")})
	c.addCopy(past)
	c.addConsent(c.of("clinic"), c.of("mia"))
	c.addConsent(c.of("school"), c.of("leo"))
	c.addEmergency(oracle.Emergency{Record: therapy, Professional: c.of("cleo"),
		From: c.facts.Now.Add(-2 * time.Hour), To: c.facts.Now.Add(-time.Hour)})
	c.addNotice(c.of("ann"))
	c.addNotice(c.of("bob"))
}

func (c *cast) rest() {
	c.addPoint(c.of("mia"))
	c.addPoint(c.of("pat"))
	c.addAddress(c.of("leo"))
	c.addAddress(c.of("gus"))
	c.addAddress(c.of("lycee"))
	c.addIdentifier(c.of("mia"))
	c.addIdentifier(c.of("leo"))
	c.addFile(c.of("clinic"), c.of("mia"))
	c.addFile(c.of("school"), c.of("mia"))
	c.write(func(ctx context.Context, tx *ent.Client) error {
		key := tx.ApiKey.Create().SetProfessionalID(c.of("ann")).SetName("key of ann").SetHash("hash").
			SetScopes([]schema.Scope{schema.ScopeProfilesRead}).SaveX(ctx)
		c.names[key.ID] = "key of ann"
		event := tx.Event.Create().SetType("profile.created").SetObjectID(c.of("mia")).SetTopics([]string{}).SaveX(ctx)
		kept := tx.IdempotencyKey.Create().SetProfessionalID(c.of("ann")).SetDone(false).
			SetKeyHash("k").SetMutation("m").SetInputHash("i").SetScope("s").SaveX(ctx)
		c.names[kept.ID] = "kept for ann"
		c.names[event.ID] = "birth of mia"
		return nil
	})
}

package seed

import "math/rand/v2"

// around is a contact: whose, and of how many profiles from which rank on among the people of the place.
type around struct {
	place, first int32
	count        uint8
	relationship string
	rank         uint8 // in an emergency; 0 for nobody to call
	given        uint8
	family       uint8
}

// surround gives every family its guardians, who serve all of its children, and spreads physicians and teachers over
// what is left of 1.2 n contacts and 2 n links.
func (p *plan) surround(random *rand.Rand, n int) {
	most, links := n*6/5, 2*n
	for i := 0; i < n; {
		who, size := p.people[i], 1
		for i+size < n && p.sibling(i, i+size) {
			size++
		}
		for g := range 1 + random.IntN(2) {
			if len(p.contacts) == most || links < size {
				break
			}
			relationship := [...]string{"MOTHER", "FATHER"}[g]
			p.contacts = append(p.contacts, around{place: who.place, first: who.rank, count: uint8(size),
				relationship: relationship, rank: uint8(g + 1),
				given: uint8(random.IntN(len(p.names.given))), family: who.family})
			links -= size
		}
		i += size
	}
	for rest := most - len(p.contacts); rest > 0; rest-- {
		home := p.people[random.IntN(n)]
		// The links that are left, evenly over the contacts that are left.
		size := min((links+rest-1)/rest, len(p.places[home.place].people), 200)
		p.contacts = append(p.contacts, around{place: home.place, first: home.rank, count: uint8(size),
			relationship: [...]string{"PHYSICIAN", "TEACHER"}[rest%2],
			given:        uint8(random.IntN(len(p.names.given))), family: uint8(random.IntN(len(p.names.family)))})
		links -= size
	}
}

// sibling says whether a later person is of the same family; families follow each other.
func (p *plan) sibling(i, j int) bool {
	a, b := p.people[i], p.people[j]
	return a.place == b.place && a.family == b.family && b.rank-a.rank == int32(j-i) && j-i < 3
}

func (p *plan) contactRows() table {
	columns := []string{"id", "created_at", "created_by_id", "updated_at", "home_workspace_id", "given_name", "family_name",
		"sort_name", "languages", "field_versions"}
	return table{"contacts", columns, func(yield func([]any) bool) {
		for i, c := range p.contacts {
			given, family := p.names.given[c.given], p.names.family[c.family]
			made := p.contactIDs.at(i)
			if !yield([]any{p.contactIDs.id(i), made, p.professionals.id(p.professional(c.place, i)), made,
				p.workspaces.id(int(c.place)), given.name, family.name, family.folded + " " + given.folded, `["fr"]`, `{}`}) {
				return
			}
		}
	}}
}

func (p *plan) contactLinkRows() table {
	columns := []string{"id", "created_at", "updated_at", "profile_id", "contact_id", "relationship", "authority",
		"emergency_rank", "may_receive_information", "may_consent", "channels", "ended_at", "end_reason"}
	return table{"contact_links", columns, func(yield func([]any) bool) {
		n := 0
		for i, c := range p.contacts {
			authority, channels, rank := "NONE", `["PHONE"]`, any(nil)
			if c.rank > 0 {
				authority, channels, rank = "PARENTAL", `["EMAIL","SMS"]`, int(c.rank)
			}
			people := p.places[c.place].people
			for k := range int(c.count) {
				profile := people[(int(c.first)+k)%len(people)]
				made := p.contactLinks.at(n)
				var ended, why any
				if n%29 == 0 {
					ended, why = made.AddDate(0, 1, 0), "Over"
				}
				if !yield([]any{p.contactLinks.id(n), made, made, p.profiles.id(int(profile)), p.contactIDs.id(i),
					c.relationship, authority, rank, c.rank > 0, c.rank > 0, channels, ended, why}) {
					return
				}
				n++
			}
		}
	}}
}

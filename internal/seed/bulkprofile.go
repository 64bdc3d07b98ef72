package seed

import (
	"fmt"
	"math/rand/v2"
)

// childhood says whether a person of the large data is a child, which their birth year and grade follow.
func (p *plan) childhood(i int) bool { return p.isSchool(int(p.people[i].place)) || i%3 == 0 }

func (p *plan) profileRows() table {
	columns := []string{"id", "created_at", "created_by_id", "updated_at", "home_workspace_id", "kind", "given_name",
		"family_name", "sort_name", "former_names", "birth_date", "languages", "institution_id", "grade", "status", "field_versions"}
	return table{"profiles", columns, func(yield func([]any) bool) {
		random := rand.New(rand.NewPCG(1, uint64(len(p.people))))
		for i, who := range p.people {
			given, family := p.names.given[who.given], p.names.family[who.family]
			kind, status, languages := "CLIENT", "ACTIVE", `["fr"]`
			if p.isSchool(int(who.place)) {
				kind = "STUDENT"
			}
			if random.IntN(20) == 0 {
				status = "INACTIVE"
			}
			if random.IntN(4) == 0 {
				languages = `["fr","en"]`
			}
			birth, grade := p.birth(random, i)
			made := p.profiles.at(i)
			if !yield([]any{p.profiles.id(i), made, p.professionals.id(p.professional(who.place, i)), made,
				p.workspaces.id(int(who.place)), kind, given.name, family.name, family.folded + " " + given.folded, `[]`,
				birth, languages, p.institutionOf(who), grade, status, `{}`}) {
				return
			}
		}
	}}
}

func (p *plan) birth(random *rand.Rand, i int) (date string, grade any) {
	year := 1940 + random.IntN(68)
	if p.childhood(i) {
		year = 2009 + random.IntN(12)
		grade = fmt.Sprint(min(11, 2026-year-5))
	}
	return fmt.Sprintf("%d-%02d-%02d", year, 1+random.IntN(12), 1+random.IntN(28)), grade
}

func (p *plan) institutionOf(who person) any {
	at := p.places[who.place]
	if at.institutions == 0 {
		return nil
	}
	return p.institutions.id(at.firstInstitution + int(who.rank)%at.institutions)
}

// pointRows gives a profile an address, and a number to two of three; a contact a number, and an address to one of three.
func (p *plan) pointRows() table {
	columns := []string{"id", "created_at", "profile_id", "contact_id", "position", "kind", "value", "normalized", "preferred"}
	return table{"contact_points", columns, func(yield func([]any) bool) {
		for i := range p.people {
			made := p.profiles.at(i)
			mail := fmt.Sprintf("profile-%d@example.org", i)
			if !yield([]any{p.points.id(2 * i), made, p.profiles.id(i), nil, 0, "EMAIL", mail, mail, true}) {
				return
			}
			typed, normalized := phone(i)
			if i%3 > 0 && !yield([]any{p.points.id(2*i + 1), made, p.profiles.id(i), nil, 1, "MOBILE", typed, normalized, false}) {
				return
			}
		}
		for i := range p.contacts {
			made, n := p.contactIDs.at(i), 2*(len(p.people)+i)
			typed, normalized := phone(i + 7)
			if !yield([]any{p.points.id(n), made, nil, p.contactIDs.id(i), 0, "MOBILE", typed, normalized, true}) {
				return
			}
			mail := fmt.Sprintf("contact-%d@example.org", i)
			if i%3 == 0 && !yield([]any{p.points.id(n + 1), made, nil, p.contactIDs.id(i), 1, "EMAIL", mail, mail, false}) {
				return
			}
		}
	}}
}

// phone is one of the numbers that are kept free for fiction, as typed and in E.164.
func phone(i int) (typed, normalized string) {
	area := [...]int{418, 438, 450, 514, 579, 581, 819, 873}[i%8]
	return fmt.Sprintf("%d 555-01%02d", area, i/8%100), fmt.Sprintf("+1%d55501%02d", area, i/8%100)
}

func (p *plan) addressRows() table {
	columns := []string{"id", "created_at", "profile_id", "line1", "city", "region", "postal_code", "country", "preferred"}
	return table{"addresses", columns, func(yield func([]any) bool) {
		for i, who := range p.people {
			town := p.names.towns[int(who.place)%len(p.names.towns)].name
			street := fmt.Sprintf("%d, rue %s", 1+i%900, p.names.family[who.family].name)
			if !yield([]any{p.addresses.id(i), p.profiles.at(i), p.profiles.id(i), street, town, "QC", "J0X 0X0", "CA", true}) {
				return
			}
		}
	}}
}

// identifierRows numbers one profile in two.
func (p *plan) identifierRows() table {
	columns := []string{"id", "created_at", "workspace_id", "profile_id", "system", "value"}
	return table{"identifiers", columns, func(yield func([]any) bool) {
		for i := 0; i < len(p.people); i += 2 {
			workspace := p.workspaces.id(int(p.people[i].place))
			if !yield([]any{p.identifiers.id(i), p.profiles.at(i), workspace, p.profiles.id(i), "health-insurance", fmt.Sprintf("FICT %08d", i)}) {
				return
			}
		}
	}}
}

func (p *plan) fileRows() table {
	columns := []string{"id", "created_at", "updated_at", "workspace_id", "profile_id", "file_number", "tags"}
	return table{"workspace_profiles", columns, func(yield func([]any) bool) {
		for i, who := range p.people {
			made := p.profiles.at(i)
			tags := [...]string{`[]`, `["new"]`, `["waiting list"]`, `["school","urgent"]`}[i%4]
			if !yield([]any{p.files.id(i), made, made, p.workspaces.id(int(who.place)), p.profiles.id(i),
				fmt.Sprintf("F-%06d", who.rank+1), tags}) {
				return
			}
		}
	}}
}

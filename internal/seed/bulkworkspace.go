package seed

import (
	"fmt"

	"continuum/internal/practice"
)

// unitSize is how many members a unit of the large data has; the first is its steward.
const unitSize = 3

func (p *plan) isSchool(place int) bool { return !p.places[place].individual && place%2 == 0 }

func (p *plan) workspaceName(i int) string {
	family := p.names.family[i%len(p.names.family)].name
	switch {
	case p.places[i].individual:
		return fmt.Sprintf("Cabinet %s (%d)", family, i+1)
	case p.isSchool(i):
		return fmt.Sprintf("Centre de services scolaire %s (%d)", family, i+1)
	default:
		return fmt.Sprintf("Clinique %s (%d)", family, i+1)
	}
}

func (p *plan) workspaceRows() table {
	const policies = `{"offerDays":14,"consentInside":"OFF","consentAcross":"WARN","coolingOffDays":0,` +
		`"binDays":30,"emergencyHours":24,"adultAge":18}`
	return table{"workspaces", []string{"id", "created_at", "updated_at", "name", "kind", "policies"}, func(yield func([]any) bool) {
		for i, at := range p.places {
			kind := "ORGANIZATION"
			if at.individual {
				kind = "INDIVIDUAL"
			}
			made := p.workspaces.at(i)
			if !yield([]any{p.workspaces.id(i), made, made, p.workspaceName(i), kind, policies}) {
				return
			}
		}
	}}
}

// principalRows lets every workspace, professional and unit own records and hold shares.
func (p *plan) principalRows() table {
	return table{"principals", []string{"id", "kind", "workspace_id"}, func(yield func([]any) bool) {
		for i, at := range p.places {
			workspace := p.workspaces.id(i)
			if !yield([]any{workspace, "WORKSPACE", workspace}) {
				return
			}
			for j := range at.professionals {
				if !yield([]any{p.professionals.id(at.firstProfessional + j), "PROFESSIONAL", workspace}) {
					return
				}
			}
			for j := range at.units {
				if !yield([]any{p.units.id(at.firstUnit + j), "UNIT", workspace}) {
					return
				}
			}
		}
	}}
}

// professionalRows begins each workspace with its administrator, whose directory is all of it, and a coordinator.
func (p *plan) professionalRows() table {
	columns := []string{"id", "created_at", "updated_at", "workspace_id", "name", "sort_name", "email", "roles",
		"directory_scope", "directory_right", "institution_ids", "title", "status"}
	return table{"professionals", columns, func(yield func([]any) bool) {
		for i, at := range p.places {
			for j := range at.professionals {
				n := at.firstProfessional + j
				given, family := p.names.given[n%len(p.names.given)], p.names.family[n/7%len(p.names.family)]
				roles, scope, right := `["PRACTITIONER"]`, "OWN", "NONE"
				switch j {
				case 0:
					roles, scope, right = `["ADMINISTRATOR","PRACTITIONER"]`, "ALL", "READ"
				case 1:
					roles = `["COORDINATOR"]`
				}
				made := p.professionals.at(n)
				if !yield([]any{p.professionals.id(n), made, made, p.workspaces.id(i), given.name + " " + family.name,
					given.folded + " " + family.folded, fmt.Sprintf("professional-%d@example.org", n), roles,
					scope, right, `[]`, "Psychologist", "ACTIVE"}) {
					return
				}
			}
		}
	}}
}

func (p *plan) unitRows() table {
	columns := []string{"id", "created_at", "updated_at", "workspace_id", "kind", "name", "sort_name"}
	return table{"units", columns, func(yield func([]any) bool) {
		for i, at := range p.places {
			for j := range at.units {
				n := at.firstUnit + j
				name, made := fmt.Sprintf("Équipe %d", j+1), p.units.at(n)
				if !yield([]any{p.units.id(n), made, made, p.workspaces.id(i), "TEAM", name, practice.FoldName(name)}) {
					return
				}
			}
		}
	}}
}

func (p *plan) memberRows() table {
	columns := []string{"id", "created_at", "unit_id", "professional_id", "steward", "started_at"}
	return table{"unit_members", columns, func(yield func([]any) bool) {
		for i, at := range p.places {
			for j := range at.units {
				for k := range unitSize {
					n := (at.firstUnit+j)*unitSize + k
					made := p.members.at(n)
					who := p.professional(int32(i), j*2+k)
					if !yield([]any{p.members.id(n), made, p.units.id(at.firstUnit + j), p.professionals.id(who), k == 0, made}) {
						return
					}
				}
			}
		}
	}}
}

func (p *plan) institutionRows() table {
	columns := []string{"id", "created_at", "updated_at", "workspace_id", "name", "sort_name", "kind"}
	return table{"institutions", columns, func(yield func([]any) bool) {
		for i, at := range p.places {
			kind, what := "CLINIC", "Point de service"
			if p.isSchool(i) {
				kind, what = "SCHOOL", "École"
			}
			for j := range at.institutions {
				n := at.firstInstitution + j
				name, made := fmt.Sprintf("%s %d", what, j+1), p.institutions.at(n)
				if !yield([]any{p.institutions.id(n), made, made, p.workspaces.id(i), name, practice.FoldName(name), kind}) {
					return
				}
			}
		}
	}}
}

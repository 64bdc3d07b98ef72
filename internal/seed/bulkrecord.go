package seed

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// followed is a record: where, for whom first and how many after them in the place, and who owns it.
type followed struct {
	place, primary int32
	others         uint8
	unit           bool
	owner          int32 // among the professionals, or the units
	status         string
	confidential   bool
}

// follow draws 1.5 n records, crowded ones first. One in fifty of the others follows somebody who is at home in another
// workspace. What 2.5 n links leave after everybody's own are former ones.
func (p *plan) follow(random *rand.Rand, n int) {
	p.records = make([]followed, n*3/2)
	crowded := n / 100
	others := n*9/10 - p.crowd(p.records[:crowded])
	for i := crowded; i < len(p.records); i++ {
		primary := int32(random.IntN(n))
		home := p.people[primary].place
		place := home
		if random.IntN(50) == 0 {
			place = p.people[random.IntN(n)].place
		}
		r := followed{place: place, primary: primary, status: status(random), confidential: random.IntN(33) == 0}
		if place == home {
			r.others = uint8(min(company(random), len(p.places[place].people)-1, others))
			others -= int(r.others)
		}
		at := p.places[place]
		r.unit = at.units > 0 && random.IntN(4) == 0
		if r.unit {
			r.owner = int32(at.firstUnit + random.IntN(at.units))
		} else {
			r.owner = int32(p.professional(place, random.IntN(at.professionals)))
		}
		p.records[i] = r
	}
}

// A crowded record is for eight people, who are each part of twenty such records: two and a half begin with each person.
const (
	crowdedOthers = 7
	crowdedEvery  = 2.5
)

// crowd gives the last unit of the largest workspace its crowded records, and tells for how many they are besides the first.
func (p *plan) crowd(records []followed) (others int) {
	at := p.places[0]
	for i := range records {
		r := followed{primary: at.people[int(float64(i)/crowdedEvery)%len(at.people)], status: "OPEN", unit: at.units > 0}
		r.others = uint8(min(crowdedOthers, len(at.people)-1))
		r.owner = int32(at.firstUnit + at.units - 1)
		if !r.unit {
			r.owner = int32(at.firstProfessional)
		}
		records[i] = r
		others += int(r.others)
	}
	return others
}

// company is how many a record is for besides the first.
func company(random *rand.Rand) int {
	switch x := random.IntN(100); {
	case x < 72:
		return 0
	case x < 86:
		return 1
	case x < 96:
		return 2 + random.IntN(2)
	default:
		return 4 + random.IntN(6)
	}
}

func status(random *rand.Rand) string {
	switch x := random.IntN(100); {
	case x < 75:
		return "OPEN"
	case x < 95:
		return "ARCHIVED"
	case x < 98:
		return "DRAFT"
	default:
		return "BINNED"
	}
}

func (r followed) kind() string {
	switch {
	case r.others == 0:
		return "INDIVIDUAL"
	case r.others == 1:
		return "COUPLE"
	case r.others < 4:
		return "FAMILY"
	default:
		return "GROUP"
	}
}

// profile gives the k-th person of a record: the first, then those who follow them in the place.
func (p *plan) profile(r followed, k int) int {
	if k == 0 {
		return int(r.primary)
	}
	people := p.places[r.place].people
	return int(people[(int(p.people[r.primary].rank)+k)%len(people)])
}

func (p *plan) ownerID(r followed) string {
	if r.unit {
		return p.units.id(int(r.owner))
	}
	return p.professionals.id(int(r.owner))
}

func (p *plan) recordRows() table {
	columns := []string{"id", "created_at", "created_by_id", "updated_at", "workspace_id", "number", "title", "kind", "service",
		"status", "confidential", "owner_id", "opened_at", "closed_at", "field_versions"}
	services := [...]string{"Psychology", "Speech therapy", "Social work", "Occupational therapy"}
	return table{"records", columns, func(yield func([]any) bool) {
		for i, r := range p.records {
			made := p.recordIDs.at(i)
			var opened, closed any = made, nil
			switch r.status {
			case "DRAFT":
				opened = nil
			case "ARCHIVED":
				closed = made.Add(24 * time.Hour)
			}
			service := services[i%len(services)]
			if !yield([]any{p.recordIDs.id(i), made, p.professionals.id(p.professional(r.place, i)), made,
				p.workspaces.id(int(r.place)), number(i, made.Year()), service + " for " + p.names.given[p.people[r.primary].given].name,
				r.kind(), service, r.status, r.confidential, p.ownerID(r), opened, closed, `{}`}) {
				return
			}
		}
	}}
}

// number is a record's: the year, and six digits that nobody mixes up. The factor is odd, so no two records have the same.
func number(i int, year int) string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	x := uint64(i+1) * 0x5851f42d4c957f2d & (1<<30 - 1)
	var drawn [6]byte
	for k := range drawn {
		drawn[k] = digits[x>>(5*k)&31]
	}
	return fmt.Sprintf("%d-%s", year, drawn[:])
}

// recordLinkRows links everybody to their records, and adds those who have left.
func (p *plan) recordLinkRows() table {
	columns := []string{"id", "updated_at", "record_id", "profile_id", "role", "position", "linked_at", "linked_by_id",
		"unlinked_at", "unlink_reason"}
	return table{"record_links", columns, func(yield func([]any) bool) {
		n := 0
		for i, r := range p.records {
			for k := range int(r.others) + 1 {
				role := "PRIMARY"
				switch {
				case k > 0 && r.others < 4:
					role = "SECONDARY"
				case k > 0:
					role = "PARTICIPANT"
				}
				made := p.recordIDs.at(i)
				if !yield([]any{p.recordLinks.id(n), made, p.recordIDs.id(i), p.profiles.id(p.profile(r, k)), role, k,
					made, p.professionals.id(p.professional(r.place, i)), nil, nil}) {
					return
				}
				n++
			}
		}
		random := rand.New(rand.NewPCG(2, uint64(n)))
		for ; n < p.recordLinks.count; n++ {
			i := random.IntN(len(p.records))
			people := p.places[p.records[i].place].people
			if len(people) == 0 {
				people = []int32{p.records[i].primary}
			}
			made := p.recordIDs.at(i)
			if !yield([]any{p.recordLinks.id(n), made.Add(time.Hour), p.recordIDs.id(i), p.profiles.id(int(people[random.IntN(len(people))])),
				"PARTICIPANT", int(p.records[i].others) + 1, made, p.professionals.id(p.professional(p.records[i].place, i)),
				made.Add(time.Hour), "Left"}) {
				return
			}
		}
	}}
}

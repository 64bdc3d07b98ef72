package seed

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// plan is who and what there is in the large data, as numbers: small enough to keep in memory for a million profiles.
type plan struct {
	names  names
	places []place
	people []person
	// contacts come by family: each serves profiles that follow each other in their workspace.
	contacts []around
	records  []followed
	shares   []granted

	workspaces, professionals, units, members, institutions series
	profiles, points, addresses, identifiers, files         series
	contactIDs, contactLinks, recordIDs, recordLinks        series
	shareIDs                                                series
}

// place is a workspace: where its professionals, units and institutions begin in their series, and whose home it is.
type place struct {
	individual                       bool
	firstProfessional, professionals int
	firstUnit, units                 int
	firstInstitution, institutions   int
	people                           []int32
}

type person struct {
	place, rank   int32 // rank among the people of the place
	given, family uint8
}

// newPlan draws the plan for n profiles, always the same.
func newPlan(n int) *plan {
	p := &plan{names: newNames()}
	random := rand.New(rand.NewPCG(20260831, uint64(n)))
	p.settle(random, n)
	p.staff()
	p.surround(random, n)
	p.follow(random, n)
	p.share(random, n)
	p.count(n)
	return p
}

// settle draws families and where they are at home; the sizes of the workspaces follow a power law.
func (p *plan) settle(random *rand.Rand, n int) {
	p.places = make([]place, max(2, n/200))
	reach := make([]float64, len(p.places))
	total := 0.0
	for i := range reach {
		total += 1 / float64(i+1)
		reach[i] = total
	}
	for len(p.people) < n {
		home, _ := slices.BinarySearchFunc(reach, random.Float64()*total, cmp.Compare)
		family := uint8(random.IntN(len(p.names.family)))
		for range min(familySize(random), n-len(p.people)) {
			at := &p.places[home]
			at.people = append(at.people, int32(len(p.people)))
			p.people = append(p.people, person{
				place: int32(home), rank: int32(len(at.people) - 1),
				given: uint8(random.IntN(len(p.names.given))), family: family,
			})
		}
	}
}

func familySize(random *rand.Rand) int {
	switch x := random.IntN(100); {
	case x < 50:
		return 1
	case x < 85:
		return 2
	default:
		return 3
	}
}

// staff gives each workspace its professionals, units and institutions, by the number of its people. A small one is a
// practitioner's own.
func (p *plan) staff() {
	var professionals, units, institutions int
	for i := range p.places {
		at := &p.places[i]
		size := len(at.people)
		at.individual = i > 0 && size < 40
		at.professionals = 1
		if !at.individual {
			at.professionals = 3 + size/40
			at.units = 1 + size/400
			at.institutions = 1 + size/500
		}
		at.firstProfessional, at.firstUnit, at.firstInstitution = professionals, units, institutions
		professionals += at.professionals
		units += at.units
		institutions += at.institutions
	}
}

// count says how many rows there are of each type, which their ids and instants depend on.
func (p *plan) count(n int) {
	last := p.places[len(p.places)-1]
	units := last.firstUnit + last.units
	p.workspaces = series{"ws", len(p.places)}
	p.professionals = series{"pro", last.firstProfessional + last.professionals}
	p.units = series{"unit", units}
	p.members = series{"umem", units * unitSize}
	p.institutions = series{"inst", last.firstInstitution + last.institutions}
	p.profiles = series{"prof", n}
	p.points = series{"cp", 2 * (n + len(p.contacts))}
	p.addresses = series{"addr", n}
	p.identifiers = series{"idnt", n}
	p.files = series{"wp", n}
	p.contactIDs = series{"cont", len(p.contacts)}
	p.contactLinks = series{prefix: "cl"}
	for _, c := range p.contacts {
		p.contactLinks.count += int(c.count)
	}
	p.recordIDs = series{"rec", len(p.records)}
	p.recordLinks = series{"link", n * 5 / 2}
	p.shareIDs = series{"share", len(p.shares)}
}

// professional gives one of a place's, by any number.
func (p *plan) professional(place int32, x int) int {
	at := p.places[place]
	return at.firstProfessional + x%at.professionals
}

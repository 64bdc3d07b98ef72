package seed

import (
	"math/rand/v2"
	"time"
)

// grantee says which series a share's holder is of.
type grantee uint8

const (
	toProfessional grantee = iota
	toUnit
	toWorkspace
)

// granted is a share: of which record, to whom.
type granted struct {
	record, holder int32
	kind           grantee
	abroad         bool // to another workspace, where it may still wait to be accepted
}

// share draws 0.3 n shares, no two of one record to the same holder and none to the owner.
func (p *plan) share(random *rand.Rand, n int) {
	taken := map[granted]bool{}
	for len(p.shares) < n*3/10 {
		i := random.IntN(len(p.records))
		s := p.holder(random, p.records[i])
		s.record = int32(i)
		owns := s.holder == p.records[i].owner && p.records[i].unit == (s.kind == toUnit) && s.kind != toWorkspace
		if !owns && !taken[s] {
			taken[s] = true
			p.shares = append(p.shares, s)
		}
	}
}

// holder draws a colleague mostly, a unit sometimes, and now and then somebody of another workspace or all of it.
func (p *plan) holder(random *rand.Rand, r followed) granted {
	at := p.places[r.place]
	other := random.IntN(len(p.places) - 1)
	if other >= int(r.place) {
		other++
	}
	switch x := random.IntN(100); {
	case x < 60 && at.professionals > 1:
		return granted{holder: int32(p.professional(r.place, random.IntN(at.professionals)))}
	case x < 80 && at.units > 0:
		return granted{holder: int32(at.firstUnit + random.IntN(at.units)), kind: toUnit}
	case x < 95:
		elsewhere := p.places[other]
		return granted{holder: int32(elsewhere.firstProfessional + random.IntN(elsewhere.professionals)), abroad: true}
	default:
		return granted{holder: int32(other), kind: toWorkspace, abroad: true}
	}
}

func (p *plan) shareRows() table {
	columns := []string{"id", "created_at", "created_by_id", "updated_at", "record_id", "grantee_id", "level", "starts_at",
		"expires_at", "status", "epoch", "ended_at"}
	return table{"shares", columns, func(yield func([]any) bool) {
		random := rand.New(rand.NewPCG(3, uint64(len(p.shares))))
		holders := [...]series{toProfessional: p.professionals, toUnit: p.units, toWorkspace: p.workspaces}
		for i, s := range p.shares {
			made := p.shareIDs.at(i)
			level := [...]string{"READ", "READ", "WRITE", "FULL"}[random.IntN(4)]
			status, expires, ended := "ACTIVE", any(nil), any(nil)
			switch x := random.IntN(20); {
			case x < 2:
				status, ended = "REVOKED", made.Add(time.Hour)
			case x < 4 && s.abroad:
				status = "PENDING"
			case x < 6: // over by the clock alone
				expires = made.Add(time.Hour)
			case x < 9:
				expires = time.Date(2099, time.December, 31, 0, 0, 0, 0, time.UTC)
			}
			r := p.records[s.record]
			if !yield([]any{p.shareIDs.id(i), made, p.professionals.id(p.professional(r.place, i)), made,
				p.recordIDs.id(int(s.record)), holders[s.kind].id(int(s.holder)), level, made, expires, status, 1, ended}) {
				return
			}
		}
	}}
}

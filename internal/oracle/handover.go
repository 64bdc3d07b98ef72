package oracle

// Minted are the ids for what a hand-over leaves: a share and a copy of the previous owner's.
type Minted struct{ Share, Copy string }

// handOver gives a record its new owner: the shares that the transfer keeps stay, the
// others end; the previous owner keeps what it says; the home of its people moves where
// the source keeps none of their records.
func (w *World) handOver(m, id, owner string, minted Minted) {
	t := w.Transfers[id]
	r := w.Records[t.Record]
	t.NewOwner = owner
	var kept, dropped []*Share
	for _, s := range w.sharesOf(t.Record) {
		if keep := w.keeps(t, s); keep && w.Shares[s].Grantee != owner {
			kept = append(kept, w.Shares[s])
		} else {
			dropped = append(dropped, w.Shares[s])
		}
	}
	var asked []string
	for _, other := range w.Transfers {
		if other != t && other.Record == t.Record && (other.Status == "OFFERED" || other.Status == "REQUESTED") {
			if w.waits(other) {
				asked = append(asked, other.To)
			}
			other.Status = "INVALIDATED"
		}
	}
	r.Owner, r.Workspace = owner, w.WorkspaceOf(owner)
	r.Epoch++
	for _, s := range kept {
		s.Epoch, s.Version = r.Epoch, s.Version+1
	}
	for _, s := range dropped {
		if s.Status == "ACTIVE" {
			w.tell(m, "ACCESS_ENDED", s.Grantee)
		}
		w.endShare(s, "REVOKED")
	}
	for _, to := range asked {
		w.tell(m, "TRANSFER_INVALIDATED", to)
	}
	for _, e := range w.Emergencies {
		if e.Record == t.Record && e.To.After(w.Now) && e.Workspace == r.Workspace {
			w.tell(m, "EMERGENCY_ACCESS", r.Owner)
		}
	}
	w.leave(m, id, minted)
	w.moveHomes(t.Record, t.FromWorkspace)
}

// keeps says whether a transfer keeps a share. What is said of one holds for whatever has
// taken its place since.
func (w *World) keeps(t *Transfer, share string) bool {
	for id, keep := range t.Plan {
		if w.Shares[id].Grantee == w.Shares[share].Grantee {
			return keep
		}
	}
	return t.Default == "KEEP"
}

// leave gives the previous owner what the transfer says.
func (w *World) leave(m, id string, minted Minted) {
	t := w.Transfers[id]
	r := w.Records[t.Record]
	switch {
	case t.Keeps == "READ_UNTIL" && t.KeepUntil.After(w.Now):
		w.Shares[minted.Share] = &Share{
			Record: t.Record, Grantee: t.From, Giver: m, Level: Read, Status: "ACTIVE", Starts: w.Now, Expires: t.KeepUntil,
			Epoch: r.Epoch, Confidential: r.Confidential, Version: 1,
		}
	case t.Keeps == "SEALED_COPY":
		w.Copies[minted.Copy] = &SealedCopy{Record: t.Record, Transfer: id, Holder: t.From}
	}
}

// moveHomes moves the home of a record's people to where the record now is, from where it
// was, unless another record there still follows them.
func (w *World) moveHomes(record, source string) {
	target := w.Records[record].Workspace
	if target == source {
		return
	}
	for _, p := range w.people(record) {
		stays := w.Profiles[p].Home != source
		for _, r := range w.liveRecords(p) {
			stays = stays || w.Records[r].Workspace == source
		}
		if !stays {
			w.Profiles[p].Home = target
		}
	}
}

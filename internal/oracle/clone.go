package oracle

import (
	"maps"
)

// Clone is a world with the same facts, in which something else may happen.
func (w *World) Clone() *World {
	c := *w
	c.Workspaces, c.Professionals, c.Units = copied(w.Workspaces), copied(w.Professionals), copied(w.Units)
	c.Memberships, c.Institutions, c.Profiles = copied(w.Memberships), copied(w.Institutions), copied(w.Profiles)
	c.Records, c.Links, c.Shares = copied(w.Records), copied(w.Links), copied(w.Shares)
	c.Contacts, c.ContactLinks = copied(w.Contacts), copied(w.ContactLinks)
	c.Points, c.Addresses, c.Identifiers, c.Files = copied(w.Points), copied(w.Addresses), copied(w.Identifiers), copied(w.Files)
	c.Transfers, c.Copies, c.Consents = copied(w.Transfers), copied(w.Copies), copied(w.Consents)
	c.Emergencies, c.Notices, c.Told = copied(w.Emergencies), copied(w.Notices), maps.Clone(w.Told)
	return &c
}

func copied[T any](rows map[string]*T) map[string]*T {
	c := make(map[string]*T, len(rows))
	for id := range rows {
		row := *rows[id]
		c[id] = &row
	}
	return c
}

package main

import (
	"context"
	"fmt"
	"io"

	"github.com/Khan/genqlient/graphql"
)

// student is a row of the registry.
type student struct{ number, given, family, birth string }

var (
	elder   = student{"R-7001", "Alma", "Registre", "2015-03-14"}
	younger = student{"R-7002", "Bruno", "Registre", "2017-09-02"}
)

// enroll tells Continuum of the two children, their mother and the record that follows both, then lists them.
func enroll(ctx context.Context, continuum graphql.Client, out io.Writer) error {
	first, err := profileOf(ctx, continuum, elder)
	if err != nil {
		return err
	}
	second, err := profileOf(ctx, continuum, younger)
	if err != nil {
		return err
	}
	again, err := profileOf(ctx, continuum, elder)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "Two students; sent once more, the first is the same: %t\n", again == first)
	if err := addMother(ctx, continuum, first, second, out); err != nil {
		return err
	}
	if err := follow(ctx, continuum, first, second, out); err != nil {
		return err
	}
	return list(ctx, continuum, out)
}

func profileOf(ctx context.Context, continuum graphql.Client, s student) (id string, err error) {
	made, err := EnrollStudent(withKey(ctx, "enroll-"+s.number), continuum, s.given, s.family, s.birth, s.number)
	if err != nil {
		return "", err
	}
	return made.CreateProfile.Profile.Id, refused(made.CreateProfile.UserErrors)
}

func addMother(ctx context.Context, continuum graphql.Client, first, second string, out io.Writer) error {
	ctx = withKey(ctx, "mother-of-"+elder.number)
	made, err := AddMother(ctx, continuum, "Rita", "Registre", "514 555-0147", first, second)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "Their mother is %s\n", made.CreateContact.Contact.DisplayName)
	return refused(made.CreateContact.UserErrors)
}

// follow opens a record for the first child and links the second to it.
func follow(ctx context.Context, continuum graphql.Client, first, second string, out io.Writer) error {
	made, err := OpenRecord(withKey(ctx, "record-of-"+elder.number), continuum, "Arrival of two children", first)
	if err != nil {
		return err
	}
	if err := refused(made.CreateRecord.UserErrors); err != nil {
		return err
	}
	record := made.CreateRecord.Record
	linked, err := LinkStudent(withKey(ctx, "link-of-"+younger.number), continuum, record.Id, second)
	if err != nil {
		return err
	}
	if err := refused(linked.LinkProfile.UserErrors); err != nil {
		return err
	}
	link := linked.LinkProfile.Link
	_, _ = fmt.Fprintf(out, "%q follows %s too, as %s\n", record.Title, link.Profile.DisplayName, link.Role)
	return nil
}

// list goes through the students, page by page: a page ends where the next begins.
func list(ctx context.Context, continuum graphql.Client, out io.Writer) error {
	for page, after := 1, ""; ; page++ {
		found, err := Students(ctx, continuum, elder.family, after)
		if err != nil {
			return err
		}
		for _, s := range found.Profiles.Nodes {
			_, _ = fmt.Fprintf(out, "Page %d: %s, records %d, mother %s\n",
				page, s.DisplayName, s.Records.TotalCount, s.Contacts.Nodes[0].DisplayName)
		}
		if !found.Profiles.PageInfo.HasNextPage {
			return nil
		}
		after = found.Profiles.PageInfo.EndCursor
	}
}

// refused makes an error of what the server did not accept: to send it again would not help.
func refused(failures []Failure) error {
	if len(failures) == 0 {
		return nil
	}
	return fmt.Errorf("%s %s: %s", failures[0].Code, failures[0].Field, failures[0].Message)
}

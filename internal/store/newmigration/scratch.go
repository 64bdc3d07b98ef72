package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"entgo.io/ent/dialect"
)

// scratch makes databases that live as long as the command.
type scratch struct {
	folder string
	server *sql.DB
	made   []string
	opened []*sql.DB
}

func newScratch() (*scratch, error) {
	server := os.Getenv("CONTINUUM_TEST_POSTGRES")
	if server == "" {
		return nil, errors.New("CONTINUUM_TEST_POSTGRES is not set: run `make migration`")
	}
	db, err := sql.Open("postgres", server)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "newmigration")
	return &scratch{folder: folder, server: db}, err
}

// database makes an empty one and gives the address for store.Open beside the open database.
func (s *scratch) database(ctx context.Context, engine string) (address string, db *sql.DB, err error) {
	name := fmt.Sprintf("newmigration_%d_%d", os.Getpid(), len(s.opened))
	if engine == dialect.SQLite {
		file := filepath.Join(s.folder, name)
		address = "sqlite:" + file
		db, err = sql.Open("sqlite", "file:"+file+"?_pragma=foreign_keys(ON)")
	} else {
		if _, err := s.server.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
			return "", nil, err
		}
		s.made = append(s.made, name)
		u, err := url.Parse(os.Getenv("CONTINUUM_TEST_POSTGRES"))
		if err != nil {
			return "", nil, err
		}
		u.Path = "/" + name
		address = u.String()
		db, err = sql.Open("postgres", address)
		if err != nil {
			return "", nil, err
		}
	}
	s.opened = append(s.opened, db)
	return address, db, err
}

func (s *scratch) remove(ctx context.Context) error {
	var errs []error
	for _, db := range s.opened {
		errs = append(errs, db.Close())
	}
	for _, name := range s.made {
		_, err := s.server.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		errs = append(errs, err)
	}
	return errors.Join(append(errs, s.server.Close(), os.RemoveAll(s.folder))...)
}

package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/lib/pq"

	"continuum/internal/store"
)

// What a fault quotes may be a value, and is left out; what PostgreSQL names is ours, and stays.
func TestFault_QuotesNobody(t *testing.T) {
	_, number := strconv.Atoi("Tremblay")
	for want, err := range map[string]error{
		"":                 nil,
		"the disk is full": errors.New("the disk is full"),
		`read: strconv.Atoi: parsing "...": invalid syntax`: fmt.Errorf("read: %w", number),
		`a "..."`: errors.New(`a "Trem"blay" "b"`),
		`SQLSTATE 22P02: pq: not a date: "..." (22P02)`:                     &pq.Error{Code: "22P02", Message: `not a date: "Tremblay"`},
		`SQLSTATE 23505, table profiles, constraint one: pq: taken (23505)`: &pq.Error{Code: "23505", Message: "taken", Table: "profiles", Constraint: "one", Detail: `Key (name)=(Tremblay)`},
		`SQLSTATE 42P01: pq: relation "profiles" does not exist (42P01)`:    &pq.Error{Code: "42P01", Message: `relation "profiles" does not exist`},
	} {
		if got := store.Fault(err); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

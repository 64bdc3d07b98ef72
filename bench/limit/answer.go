package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// workload answers one of the benchmark's workloads: it appends the value of `data` to out.
type workload func(c *session, v *viewer, in *variables, out []byte) ([]byte, error)

// limit answers every workload at every path.
type limit struct {
	data           *database
	reads, changes map[string]workload // by the names of their operations
}

// variables are those of all workloads.
type variables struct {
	ID               string
	After            string
	Prefix           string
	Profile, Contact person
	Input            changeInput
}

// person is a profile or a contact to make.
type person struct {
	ID, GivenName, FamilyName, BirthDate string
	ContactPoints                        []struct{ Kind, Value string }
	Links                                []struct {
		ProfileID, Relationship string
		EmergencyRank           int64
	}
}

// changeInput is the input of the other changes.
type changeInput struct {
	ID, RecordID, ProfileID, GranteeID, Level string
	ExpectedVersion                           int64
	Pronouns, Gender, Grade, MiddleName       string
}

var errRefused = errors.New("refused")

func (l limit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "the body ended early", http.StatusBadRequest)
		return
	}
	var asked struct {
		OperationName string
		Variables     variables
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	answer, writes := l.reads[asked.OperationName], false
	if answer == nil {
		answer, writes = l.changes[asked.OperationName], true
	}
	if answer == nil {
		http.Error(w, "no such workload", http.StatusBadRequest)
		return
	}
	out, err := l.answer(r, answer, writes, &asked.Variables)
	switch {
	case errors.Is(err, errRefused):
		http.Error(w, "refused", http.StatusUnauthorized)
	case err != nil:
		http.Error(w, `{"errors":[{"message":`+strconv.Quote(err.Error())+`}]}`, http.StatusInternalServerError)
	default:
		w.Header()["Content-Type"] = []string{"application/json"}
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(out))}
		_, _ = w.Write(out) // who asked has gone
	}
}

// answer signs in and answers on one connection.
func (l limit) answer(r *http.Request, answer workload, writes bool, in *variables) ([]byte, error) {
	sessions := l.data.reading
	if writes {
		sessions = l.data.writing
	}
	c := <-sessions
	defer func() { sessions <- c }()
	viewer, err := c.signIn(r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, 4096), `{"data":`...)
	if out, err = answer(c, viewer, in, out); err != nil {
		return nil, err
	}
	return append(out, '}'), nil
}

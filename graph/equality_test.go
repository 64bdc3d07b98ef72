package graph_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// selections are spelled in every way that changes how their rows are gathered, and
// none of what they answer.
var selections = map[string][]string{
	"Profile": {
		`{records{totalCount nodes{id}}}`,
		`{a:records(first:1){nodes{id}} b:records(last:1){nodes{id}} c:records(first:0){totalCount nodes{id} pageInfo{hasNextPage hasPreviousPage}}}`,
		`{a:records(filter:{status:OPEN}){totalCount nodes{id status}} b:records(filter:{status:[ARCHIVED,DRAFT]}){totalCount nodes{id status}}}`,
		`{records(filter:$filter){totalCount nodes{id status kind}}}`,
		`{records(filter:{status:$status}){totalCount nodes{id}}}`,
		`{records(filter:{kind:INDIVIDUAL,role:PRIMARY,service:"Psychology"}){totalCount edges{role node{service}}}}`,
		`{records(orderBy:{direction:ASC}){edges{cursor linkedAt}} down:records(orderBy:{}){edges{linkedAt}}}`,
		`{records(orderBy:$order){edges{linkedAt}}}`,
		`{records(first:$n){nodes{id profiles(first:$n){nodes{id contacts(first:$n){nodes{id}}}}}}}`,
		`{records{nodes{owner{id name ...on Professional{title} ...on Unit{kind members{nodes{name}}}}}}}`,
		`{records{edges{linkedBy{name} link{id linkReason record{title} profile{displayName}}}}}`,
		`{contacts{totalCount edges{relationship authorityInForce link{id contact{displayName}} node{displayName profiles{totalCount nodes{displayName}}}}}}`,
		`{contacts(first:2){pageInfo{endCursor hasNextPage}} contacts(first:2){nodes{contactPoints{value}}}}`,
		`{...P institution{...I}}`,
		`{...P @skip(if:$no) ...on Node{id} contacts{...on ProfileContactConnection{nodes{...C}}}}`,
		`{institution @include(if:$no){name} workspaceFile @include(if:$yes){fileNumber tags}}`,
		`{homeWorkspace{name region policies{adultAge}} viewerCan{read update link share transfer message}}`,
		`{identifiers{system value} addresses{line1} contactPoints{value normalized} birthDate birthDatePrecision}`,
		`{consents{totalCount nodes{inForce purpose profile{displayName} givenBy{relationship contact{displayName}} target{...W} recordedBy{name} withdrawnBy{name}}}}`,
		`{records(first:3){nodes{shares(first:2){nodes{...S}} openTransfer{status}}}}`,
		`{records{nodes{profileCount viewerCan{read update} workspace{name} formerProfiles{totalCount edges{unlinkedAt node{displayName}}}}}}`,
	},
	"Record": {
		`{profiles(first:2){nodes{id} pageInfo{hasNextPage endCursor}} all:profiles{edges{position role node{displayName}}} last:profiles(last:2){edges{position}}}`,
		`{profiles{nodes{institution{name} workspaceFile{fileNumber} records{totalCount nodes{id}} viewerCan{update}}}}`,
		`{profiles{totalCount} formerProfiles{totalCount nodes{id displayName}}}`,
		`{owner{...on Node{id} name workspace{name}} workspace{name kind}}`,
		`{shares{totalCount nodes{...S}} all:shares(first:2,includeEnded:true){edges{cursor node{...S}} pageInfo{hasNextPage}} none:shares(includeEnded:$no){totalCount}}`,
		`{openTransfer{status message from{name} to{...W} fromWorkspace{name} toWorkspace{name} createdBy{name} preview{number kind profileCount} record{title openTransfer{id}} shares{keep share{...S}}}}`,
	},
	"Contact": {
		`{profile{displayName records{totalCount}} profiles{edges{relationship node{displayName grade contactPoints{value}}}}}`,
		`{contactPoints{value} addresses{line1} profiles(last:1){totalCount nodes{id}}}`,
	},
}

// parts are the fragments and the variables that the selections use.
var (
	parts = map[string]string{
		"P": `fragment P on Profile{displayName some:records(first:3){...R} ...Q}`, "Q": `fragment Q on Profile{contactPoints{value}}`,
		"R": `fragment R on ProfileRecordConnection{nodes{title}}`, "I": `fragment I on Institution{name addresses{line1}}`,
		"C": `fragment C on Contact{displayName}`, "W": `fragment W on Recipient{...on Professional{name title} ...on Unit{name kind} ...on Workspace{name}}`,
		"S": `fragment S on Share{status level record{title owner{name}} grantee{...W} givenBy{name} endedBy{name} endedAt consentOverride}`,
	}
	variables = map[string]string{
		"filter": "LinkedRecordFilter", "status": "[RecordStatus!]", "order": "LinkOrder", "n": "Int", "no": "Boolean!", "yes": "Boolean!", "id": "ID!",
	}
	name = regexp.MustCompile(`(\.\.\.|\$)([A-Za-z]+)\b`)
)

// whole makes an operation of a selection, with the parts that it uses and no others.
func whole(selection string) string {
	var head, tail []string
	used := map[string]bool{}
	for text := selection; text != ""; {
		found := name.FindAllStringSubmatch(text, -1)
		text = ""
		for _, m := range found {
			switch {
			case used[m[0]]:
				continue
			case m[1] == "$":
				head = append(head, m[0]+":"+variables[m[2]])
			case parts[m[2]] != "":
				tail = append(tail, parts[m[2]])
				text += parts[m[2]]
			}
			used[m[0]] = true
		}
	}
	operation := selection
	if len(head) > 0 {
		operation = "query(" + strings.Join(head, ",") + ")" + selection
	}
	return operation + strings.Join(tail, " ")
}

// A level that is read at once answers like the same rows read one by one: a field of
// one type and a list prime what is below them, node does not.
func TestEquality_PrimedOrNot(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		v := vars{"filter": vars{"status": "OPEN", "kind": []string{"GROUP", "FAMILY", "INDIVIDUAL"}}, "status": "OPEN",
			"order": vars{"direction": "ASC"}, "n": 3, "no": false, "yes": true}
		for kind, list := range map[string][2]string{"Profile": {"profiles", "profile"}, "Record": {"records", "record"}, "Contact": {"contacts", "contact"}} {
			for _, selection := range selections[kind] {
				of := `...on ` + kind + selection
				for _, who := range []string{"ann", "sam", "ben", "dina", "program"} {
					listed := h.must(who, whole(`{`+list[0]+`(first:10){nodes{key:id `+of+`}}}`), v)
					for i, row := range listed.list(list[0] + ".nodes") {
						v["id"] = at(row, "key")
						apart := h.must(who, whole(`{typed:`+list[1]+`(id:$id){key:id `+of+`} node(id:$id){...on `+kind+`{key:id} `+of+`}}`), v)
						for _, path := range []string{"node", "typed"} {
							if diff := cmp.Diff(row, apart.at(path)); diff != "" {
								t.Errorf("%s, row %d of %s%s: listed and by %s: %s", who, i, list[0], selection, path, diff)
							}
						}
					}
				}
			}
		}
	})
}

// What an operation selects is found out once for all who ask it, but where its variables decide.
func TestEquality_AskedAgain(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		fixed, varies := `query($n:Int){profiles(first:$n){nodes{grade}}}`,
			`query($yes:Boolean!,$n:Int){profiles(first:$n){nodes{...N}}} fragment N on Profile{displayName ...on Profile @include(if:$yes){kind records @skip(if:$yes){totalCount}}}`
		for range 2 {
			for _, asked := range []struct {
				document string
				v        vars
				rows     int
				row      string
			}{
				{varies, vars{"yes": true, "n": 1}, 1, "displayName kind"},
				{varies, vars{"yes": false, "n": 2}, 2, "displayName"},
				{fixed, vars{"n": 2}, 2, "grade"},
				{fixed, vars{"n": 1}, 1, "grade"},
			} {
				for _, who := range []string{"ann", "ben"} {
					rows := h.must(who, asked.document, asked.v).list("profiles.nodes")
					if len(rows) != asked.rows {
						t.Fatalf("%s asks for %d profiles and gets %d", who, asked.rows, len(rows))
					}
					if got := strings.Join(slices.Sorted(maps.Keys(rows[0].(map[string]any))), " "); got != asked.row {
						t.Errorf("%s, %v: a row has %q, not %q", who, asked.v, got, asked.row)
					}
				}
			}
		}
	})
}

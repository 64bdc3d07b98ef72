//go:build plans

package graph_test

// asker is a viewer with what their questions are about.
type asker struct {
	*house
	who                    string
	profile, group, cursor string
	profiles               []string
	reach                  int  // profiles that their own facts lead to
	directory              bool // whether all of the workspace are theirs to see as well
}

// meet finds what a viewer can ask about.
func (h *house) meet(who string, directory bool) *asker {
	h.t.Helper()
	a := &asker{house: h, who: who, directory: directory}
	a.profiles = h.must(who, `{profiles(first:50){nodes{id}}}`, nil).ids("profiles.nodes")
	a.cursor = h.must(who, `{profiles(first:10){pageInfo{endCursor}}}`, nil).text("profiles.pageInfo.endCursor")
	a.profile = a.profiles[0]
	a.reach = h.must(who, `{profiles(filter:{hasRecord:true}){totalCount}}`, nil).number("profiles.totalCount")
	me := h.must(who, `{viewer{professional{id}}}`, nil).text("viewer.professional.id")
	a.group = h.must(who, `query($o:ID!){records(first:1,filter:{ownerId:$o,kind:[GROUP]}){nodes{id}}}`, vars{"o": me}).text("records.nodes.0.id")
	return a
}

func (a *asker) vars() vars {
	return vars{"id": a.profile, "group": a.group, "ids": a.profiles, "after": a.cursor}
}

// planQuestion is an operation as a front end sends it, and how many buffers it may touch: see TestPlans.
type planQuestion struct {
	name  string
	query string
	count bool // whether it counts all that the viewer sees, which is as dear as that is much
}

const (
	pageFields  = `nodes{displayName records{totalCount} contacts(first:3){nodes{displayName}}} pageInfo{hasNextPage endCursor}`
	caseloadOf  = `nodes{number title owner{name} profileCount profiles(first:3){nodes{displayName}} viewerCan{update}}`
	withDeepest = `nodes{displayName records(first:20){nodes{title profiles(first:5){nodes{displayName}}}}}`
)

var planQuestions = []planQuestion{
	{"point read", `query($id:ID!){profile(id:$id){displayName birthDate status}}`, false},
	{"node by id", `query($id:ID!){node(id:$id){id ...on Profile{displayName}}}`, false},
	{"50 nodes by id", `query($ids:[ID!]!){nodes(ids:$ids){id ...on Profile{displayName}}}`, false},
	{"centralized view", centralizedView, false},
	{"what one may do", `query($id:ID!){profile(id:$id){viewerCan{update link share}}}`, false},
	{"page of 50", `{profiles(first:50){` + pageFields + `}}`, false},
	{"next page", `query($after:String){profiles(first:50,after:$after){` + pageFields + `}}`, false},
	{"last page", `{profiles(last:50){` + pageFields + `}}`, false},
	{"page by change", `{profiles(first:50,orderBy:{field:UPDATED,direction:DESC}){` + pageFields + `}}`, false},
	{"search by prefix", `{profiles(first:20,filter:{namePrefix:"trem"}){nodes{displayName birthDate}}}`, false},
	{"search, two words", `{profiles(first:20,filter:{namePrefix:"tremblay a"}){nodes{displayName birthDate}}}`, false},
	{"record of 8 profiles", `query($group:ID!){record(id:$group){title profiles(first:10){nodes{displayName contacts(first:5){nodes{displayName}}}}}}`, false},
	{"50 x 20 x 5", `{profiles(first:50){` + withDeepest + `}}`, false},
	{"records", `{records(first:50){` + caseloadOf + `}}`, false},
	{"records, last page", `{records(last:50){` + caseloadOf + `}}`, false},
	{"contacts", `{contacts(first:50){nodes{displayName contactPoints{value} profiles(first:3){nodes{displayName}}}}}`, false},
	{"search of contacts", `{contacts(first:20,filter:{namePrefix:"trem"}){nodes{displayName}}}`, false},
	{"shared with me", `{viewer{sharedWithMe(first:50){nodes{level status record{title owner{name}}}}}}`, false},
	{"count of profiles", `{profiles{totalCount}}`, true},
	{"count of records", `{records{totalCount}}`, true},
	{"count of contacts", `{contacts{totalCount}}`, true},
}

type planChange struct {
	name string
	spentOn
}

// changes are the mutations of a day, each on what the one before it made, so that they can be made again. They are made
// three times, and the last is told of: the first two prepare the statements.
func (a *asker) changes(s *stand) []planChange {
	a.day(func(_ string, do func()) { do() })
	a.day(func(_ string, do func()) { do() })
	var told []planChange
	a.day(func(name string, do func()) { told = append(told, planChange{name, s.spend(do)}) })
	return told
}

func (a *asker) day(tell func(name string, do func())) {
	var profile, record, transfer string
	made := func(path, mutation string, v vars) (id string) {
		return a.must(a.who, mutation, v).text(path + ".id")
	}
	tell("create a profile", func() {
		profile = made("createProfile.profile", `mutation{createProfile(input:{givenName:"Ana",familyName:"Zuniga"}){profile{id} userErrors{message}}}`, nil)
	})
	tell("create a contact", func() {
		made("createContact.contact", `mutation($p:ID!){createContact(input:{givenName:"Eva",links:[{profileId:$p,relationship:MOTHER}]}){contact{id} userErrors{message}}}`,
			vars{"p": profile})
	})
	tell("open a record", func() {
		record = made("createRecord.record", `mutation($p:ID!){createRecord(input:{title:"T",profiles:[{profileId:$p}]}){record{id} userErrors{message}}}`,
			vars{"p": profile})
	})
	tell("link a profile", func() {
		made("linkProfile.link", `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){link{id} userErrors{message}}}`,
			vars{"r": record, "p": a.profile})
	})
	tell("change a profile", func() {
		made("updateProfile.profile", `mutation($p:ID!){updateProfile(input:{id:$p,expectedVersion:1,grade:"1"}){profile{id} userErrors{message}}}`,
			vars{"p": profile})
	})
	tell("share a record", func() {
		made("shareRecord.share", `mutation($r:ID!,$w:ID!){shareRecord(input:{recordId:$r,granteeId:$w,level:READ}){share{id} userErrors{message}}}`,
			vars{"r": record, "w": viewerID(grantee)})
	})
	tell("offer a record", func() {
		transfer = made("transferRecord.transfer", `mutation($r:ID!,$w:ID!){transferRecord(input:{recordId:$r,toId:$w}){transfer{id} userErrors{message}}}`,
			vars{"r": record, "w": viewerID(colleague)})
	})
	tell("take a record over", func() {
		a.must(kinds[colleague].name, `mutation($x:ID!){acceptTransfer(input:{id:$x}){transfer{id} userErrors{message}}}`,
			vars{"x": transfer}).text("acceptTransfer.transfer.id")
	})
}

// answer asks the question. A count of all may take longer than a request may last, and then is not answered.
func (q planQuestion) answer(a *asker) {
	if q.count {
		a.ask(a.who, q.query, a.vars())
	} else {
		a.must(a.who, q.query, a.vars())
	}
}

package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"continuum/schema"
)

// probe asks with an id in one place of the schema. The names in braces are rows of
// the viewer's own, of that type, so that nothing else can be what is wrong.
type probe struct {
	prefix string // the type that the id is of; all of them when empty, several for an owner and a party
	query  string // with $id: ID!
}

// probes has an entry for each place of the schema where a client may write an id.
var probes = map[string]probe{
	"Query.node.id":               {"", `{node(id:$id){__typename id}}`},
	"Query.nodes.ids":             {"", `{nodes(ids:[$id]){__typename id}}`},
	"Query.explainAccess.id":      {"", `{explainAccess(id:$id){level right complete chains` + chainEdges + `}}`},
	"Query.profile.id":            {"prof", `{profile(id:$id)` + profileEdges + `}`},
	"Query.record.id":             {"rec", `{record(id:$id)` + recordEdges + `}`},
	"Query.contact.id":            {"cont", `{contact(id:$id)` + contactEdges + `}`},
	"Query.workspace.id":          {"ws", `{workspace(id:$id){id name kind region policies{adultAge}}}`},
	"ProfileFilter.institutionId": {"inst", `{profiles(filter:{institutionId:$id}){totalCount nodes{id} pageInfo{hasNextPage}}}`},
	"ContactFilter.profileId":     {"prof", `{contacts(filter:{profileId:$id}){totalCount nodes{id} pageInfo{hasNextPage}}}`},
	"RecordFilter.profileId":      {"prof", `{records(filter:{profileId:$id}){totalCount nodes{id} pageInfo{hasNextPage}}}`},
	"RecordFilter.ownerId":        {"owner", `{records(filter:{ownerId:$id}){totalCount nodes{id} pageInfo{hasNextPage}}}`},
	"LinkedRecordFilter.ownerId":  {"owner", `{profiles(first:5){nodes{records(filter:{ownerId:$id}){totalCount nodes{id}}}}}`},

	"Subscription.profileChanged.id": {"prof", `{profileChanged(id:$id){id displayName}}`},
	"Subscription.recordChanged.id":  {"rec", `{recordChanged(id:$id){id title}}`},

	"RevokeApiKeyInput.id":                     {"key", `{revokeApiKey(input:{id:$id}){apiKey{id} ` + wrong + `}}`},
	"CreateContactInput.profileId":             {"prof", `{createContact(input:{givenName:"A",profileId:$id}){contact{id} ` + wrong + `}}`},
	"ContactLinkInput.profileId":               {"prof", `{linkContact(input:{contactId:"{cont}",links:[{profileId:$id,relationship:OTHER}]}){contact{id} ` + wrong + `}}`},
	"UpdateContactInput.id":                    {"cont", `{updateContact(input:{id:$id,expectedVersion:1,givenName:"A"}){contact{id} ` + wrong + `}}`},
	"UpdateContactInput.profileId":             {"prof", `{updateContact(input:{id:"{cont}",expectedVersion:1,profileId:$id}){contact{id} ` + wrong + `}}`},
	"LinkContactInput.contactId":               {"cont", `{linkContact(input:{contactId:$id,links:[{profileId:"{prof}",relationship:OTHER}]}){contact{id} ` + wrong + `}}`},
	"UpdateContactLinkInput.id":                {"cl", `{updateContactLink(input:{id:$id,expectedVersion:1,custody:"A"}){contactLink{id} ` + wrong + `}}`},
	"EndContactLinkInput.id":                   {"cl", `{endContactLink(input:{id:$id}){contactLink{id} ` + wrong + `}}`},
	"DirectoryInput.institutionIds":            {"inst", `{inviteProfessional(input:{name:"A",email:"a@example.org",directory:{scope:INSTITUTIONS,right:READ,institutionIds:[$id]}}){professional{id} ` + wrong + `}}`},
	"SetProfessionalRolesInput.professionalId": {"pro", `{setProfessionalRoles(input:{professionalId:$id,roles:[PRACTITIONER]}){professional{id} ` + wrong + `}}`},
	"EndProfessionalInput.professionalId":      {"pro", `{endProfessional(input:{professionalId:$id}){professional{id} ` + wrong + `}}`},
	"CreateProfileInput.institutionId":         {"inst", `{createProfile(input:{givenName:"A",familyName:"B",institutionId:$id}){profile{id} ` + wrong + `}}`},
	"ProfileLinkInput.recordId":                {"rec", `{createProfile(input:{givenName:"A",familyName:"B",linkTo:{recordId:$id}}){profile{id} ` + wrong + `}}`},
	"UpdateProfileInput.id":                    {"prof", `{updateProfile(input:{id:$id,expectedVersion:1,givenName:"A"}){profile{id} ` + wrong + `}}`},
	"UpdateProfileInput.institutionId":         {"inst", `{updateProfile(input:{id:"{prof}",expectedVersion:1,institutionId:$id}){profile{id} ` + wrong + `}}`},
	"ArchiveProfileInput.id":                   {"prof", `{archiveProfile(input:{id:$id}){profile{id} ` + wrong + `}}`},
	"SetWorkspaceProfileInput.profileId":       {"prof", `{setWorkspaceProfile(input:{profileId:$id,note:"A"}){workspaceProfile{id} ` + wrong + `}}`},
	"CreateRecordInput.ownerId":                {"owner", `{createRecord(input:{title:"A",status:DRAFT,ownerId:$id}){record{id} ` + wrong + `}}`},
	"RecordProfileInput.profileId":             {"prof", `{createRecord(input:{title:"A",profiles:[{profileId:$id}]}){record{id} ` + wrong + `}}`},
	"UpdateRecordInput.id":                     {"rec", `{updateRecord(input:{id:$id,expectedVersion:1,title:"A"}){record{id} ` + wrong + `}}`},
	"ArchiveRecordInput.id":                    {"rec", `{archiveRecord(input:{id:$id}){record{id} ` + wrong + `}}`},
	"ReopenRecordInput.id":                     {"rec", `{reopenRecord(input:{id:$id}){record{id} ` + wrong + `}}`},
	"LinkProfileInput.recordId":                {"rec", `{linkProfile(input:{recordId:$id,profileId:"{prof}"}){link{id} ` + wrong + `}}`},
	"LinkProfileInput.profileId":               {"prof", `{linkProfile(input:{recordId:"{rec}",profileId:$id}){link{id} ` + wrong + `}}`},
	"UnlinkProfileInput.recordId":              {"rec", `{unlinkProfile(input:{recordId:$id,profileId:"{prof}"}){link{id} ` + wrong + `}}`},
	"UnlinkProfileInput.profileId":             {"prof", `{unlinkProfile(input:{recordId:"{rec}",profileId:$id}){link{id} ` + wrong + `}}`},
	"ReplaceProfileInput.recordId":             {"rec", `{replaceProfile(input:{recordId:$id,profileId:"{prof}",replacementId:"{prof}"}){link{id} ` + wrong + `}}`},
	"ReplaceProfileInput.profileId":            {"prof", `{replaceProfile(input:{recordId:"{rec}",profileId:$id,replacementId:"{prof}"}){link{id} ` + wrong + `}}`},
	"ReplaceProfileInput.replacementId":        {"prof", `{replaceProfile(input:{recordId:"{rec}",profileId:"{prof}",replacementId:$id}){link{id} ` + wrong + `}}`},
	"SetPrimaryProfileInput.recordId":          {"rec", `{setPrimaryProfile(input:{recordId:$id,profileId:"{prof}"}){link{id} ` + wrong + `}}`},
	"SetPrimaryProfileInput.profileId":         {"prof", `{setPrimaryProfile(input:{recordId:"{rec}",profileId:$id}){link{id} ` + wrong + `}}`},
	"NewUnitMemberInput.professionalId":        {"pro", `{createUnit(input:{name:"A",members:[{professionalId:$id}]}){unit{id} ` + wrong + `}}`},
	"AddUnitMemberInput.unitId":                {"unit", `{addUnitMember(input:{unitId:$id,professionalId:"{pro}"}){unitMember{id} ` + wrong + `}}`},
	"AddUnitMemberInput.professionalId":        {"pro", `{addUnitMember(input:{unitId:"{unit}",professionalId:$id}){unitMember{id} ` + wrong + `}}`},
	"RemoveUnitMemberInput.unitId":             {"unit", `{removeUnitMember(input:{unitId:$id,professionalId:"{pro}"}){unitMember{id} ` + wrong + `}}`},
	"RemoveUnitMemberInput.professionalId":     {"pro", `{removeUnitMember(input:{unitId:"{unit}",professionalId:$id}){unitMember{id} ` + wrong + `}}`},

	"ShareRecordInput.recordId":            {"rec", `{shareRecord(input:{recordId:$id,granteeId:"{pro}",level:READ}){share{id} ` + wrong + `}}`},
	"ShareRecordInput.granteeId":           {"party", `{shareRecord(input:{recordId:"{rec}",granteeId:$id,level:READ}){share{id} ` + wrong + `}}`},
	"UpdateShareInput.id":                  {"share", `{updateShare(input:{id:$id,expectedVersion:1,level:WRITE}){share{id} ` + wrong + `}}`},
	"AcceptShareInput.id":                  {"share", `{acceptShare(input:{id:$id}){share{id} ` + wrong + `}}`},
	"DeclineShareInput.id":                 {"share", `{declineShare(input:{id:$id}){share{id} ` + wrong + `}}`},
	"RevokeShareInput.id":                  {"share", `{revokeShare(input:{id:$id}){share{id} ` + wrong + `}}`},
	"LeaveRecordInput.recordId":            {"rec", `{leaveRecord(input:{recordId:$id}){share{id} ` + wrong + `}}`},
	"LeaveRecordInput.granteeId":           {"owner", `{leaveRecord(input:{recordId:"{rec}",granteeId:$id}){share{id} ` + wrong + `}}`},
	"TransferRecordInput.recordId":         {"rec", `{transferRecord(input:{recordId:$id,toId:"{pro}"}){transfer{id} ` + wrong + `}}`},
	"TransferRecordInput.toId":             {"party", `{transferRecord(input:{recordId:"{rec}",toId:$id}){transfer{id} ` + wrong + `}}`},
	"TransferRecordInput.requestId":        {"xfer", `{transferRecord(input:{recordId:"{rec}",requestId:$id}){transfer{id} ` + wrong + `}}`},
	"SharePlanInput.shareId":               {"share", `{transferRecord(input:{recordId:"{rec}",toId:"{pro}",shares:[{shareId:$id,keep:true}]}){transfer{id} ` + wrong + `}}`},
	"TransferCaseloadInput.fromId":         {"owner", `{transferCaseload(input:{fromId:$id,toId:"{pro}"}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"TransferCaseloadInput.recordIds":      {"rec", `{transferCaseload(input:{recordIds:[$id],toId:"{pro}"}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"TransferCaseloadInput.toId":           {"party", `{transferCaseload(input:{recordIds:["{rec}"],toId:$id}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"RequestTransferInput.recordId":        {"rec", `{requestTransfer(input:{recordId:$id}){transfer{id} ` + wrong + `}}`},
	"RequestTransferInput.toId":            {"owner", `{requestTransfer(input:{recordId:"{rec}",toId:$id}){transfer{id} ` + wrong + `}}`},
	"AcceptTransferInput.id":               {"xfer", `{acceptTransfer(input:{id:$id}){transfer{id} ` + wrong + `}}`},
	"AcceptTransferInput.ownerId":          {"owner", `{acceptTransfer(input:{id:"{xfer}",ownerId:$id}){transfer{id} ` + wrong + `}}`},
	"DeclineTransferInput.id":              {"xfer", `{declineTransfer(input:{id:$id}){transfer{id} ` + wrong + `}}`},
	"WithdrawTransferInput.id":             {"xfer", `{withdrawTransfer(input:{id:$id}){transfer{id} ` + wrong + `}}`},
	"AssignRecordInput.recordId":           {"rec", `{assignRecord(input:{recordId:$id,toId:"{pro}"}){transfer{id} ` + wrong + `}}`},
	"AssignRecordInput.toId":               {"owner", `{assignRecord(input:{recordId:"{rec}",toId:$id}){transfer{id} ` + wrong + `}}`},
	"AssignCaseloadInput.fromId":           {"owner", `{assignCaseload(input:{fromId:$id,toId:"{pro}"}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"AssignCaseloadInput.recordIds":        {"rec", `{assignCaseload(input:{fromId:"{pro}",recordIds:[$id],toId:"{pro}"}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"AssignCaseloadInput.toId":             {"owner", `{assignCaseload(input:{fromId:"{pro}",recordIds:["{rec}"],toId:$id}){results{recordId transfer{id} error{code field message}} ` + wrong + `}}`},
	"RecordConsentInput.profileId":         {"prof", `{recordConsent(input:{profileId:$id,purpose:SHARE,method:VERBAL}){consent{id} ` + wrong + `}}`},
	"RecordConsentInput.contactLinkId":     {"cl", `{recordConsent(input:{profileId:"{prof}",contactLinkId:$id,purpose:SHARE,method:VERBAL}){consent{id} ` + wrong + `}}`},
	"RecordConsentInput.targetId":          {"party", `{recordConsent(input:{profileId:"{prof}",targetId:$id,purpose:SHARE,method:VERBAL}){consent{id} ` + wrong + `}}`},
	"WithdrawConsentInput.id":              {"cons", `{withdrawConsent(input:{id:$id}){consent{id} ` + wrong + `}}`},
	"RequestEmergencyAccessInput.recordId": {"rec", `{requestEmergencyAccess(input:{recordId:$id,reason:"A"}){emergencyAccess{id} ` + wrong + `}}`},
	"ReviewEmergencyAccessInput.id":        {"emer", `{reviewEmergencyAccess(input:{id:$id}){emergencyAccess{id} ` + wrong + `}}`},
	"MarkNotificationsReadInput.ids":       {"ntf", `{markNotificationsRead(input:{ids:[$id]}){marked ` + wrong + `}}`},
}

const wrong = `userErrors{code field message currentValue}`

// ownMaking are ids that a client makes up for a new row. One that is taken is refused
// whoever holds it; ids cannot be guessed.
var ownMaking = []string{
	"CreateContactInput.id", "CreateInstitutionInput.id", "CreateProfileInput.id", "CreateRecordInput.id", "CreateUnitInput.id",
	"InviteProfessionalInput.id", "RequestTransferInput.id", "ShareRecordInput.id", "TransferRecordInput.id",
}

// places are all the places of the schema where a client may write an id.
func places() []string {
	var names []string
	for _, d := range ours() {
		for _, f := range d.Fields {
			if d.Kind == ast.InputObject && f.Type.Name() == "ID" {
				names = append(names, d.Name+"."+f.Name)
			}
			for _, a := range f.Arguments {
				if a.Type.Name() == "ID" {
					names = append(names, d.Name+"."+f.Name+"."+a.Name)
				}
			}
		}
	}
	return names
}

// A new place for an id without a probe is a hole that nobody has looked into.
func TestProbes_AreComplete(t *testing.T) {
	if want := append(slices.Collect(maps.Keys(probes)), ownMaking...); !same(places(), want) {
		for _, place := range places() {
			if !slices.Contains(want, place) {
				t.Errorf("%s has no probe", place)
			}
		}
		for _, place := range want {
			if !slices.Contains(places(), place) {
				t.Errorf("%s is no longer in the schema", place)
			}
		}
	}
}

// kind is the operation that a probe is.
func (p probe) kind(place string) string {
	switch {
	case strings.HasPrefix(place, "Subscription."):
		return "subscription"
	case strings.Contains(p.query, wrong):
		return "mutation"
	default:
		return "query"
	}
}

// prefixes are the types that the id may be of; none when it may be of any.
func (p probe) prefixes() []string {
	switch p.prefix {
	case "":
		return nil
	case "owner":
		return []string{"pro", "unit"}
	case "party":
		return []string{"pro", "unit", "ws"}
	default:
		return []string{p.prefix}
	}
}

// absent is an id that names nothing.
func (p probe) absent() string {
	if of := p.prefixes(); len(of) > 0 {
		return schema.NewID(of[0])
	}
	return schema.NewID("pro")
}

// namesAParty says whether the place takes whoever is known by their id, in any
// workspace: one shares with, hands over to and consents towards people whose records
// one does not see. Ids cannot be guessed; they are told by those whom they name.
func (p probe) namesAParty() bool { return p.prefix == "party" }

// operation is the probe's text for one viewer.
func (p probe) operation(place string, own map[string]string) string {
	text := p.query
	for prefix, id := range own {
		text = strings.ReplaceAll(text, "{"+prefix+"}", id)
	}
	return p.kind(place) + "($id:ID!)" + text
}

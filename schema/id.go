package schema

import (
	"strings"

	"go.jetify.com/typeid"
)

// Prefixes of ids: what stands before the underscore says which type it is.
const (
	WorkspacePrefix        = "ws"
	AccountPrefix          = "acct"
	ProfessionalPrefix     = "pro"
	UnitPrefix             = "unit"
	UnitMemberPrefix       = "umem"
	InstitutionPrefix      = "inst"
	ProfilePrefix          = "prof"
	ContactPointPrefix     = "cp"
	AddressPrefix          = "addr"
	IdentifierPrefix       = "idnt"
	WorkspaceProfilePrefix = "wp"
	ContactPrefix          = "cont"
	ContactLinkPrefix      = "cl"
	RecordPrefix           = "rec"
	RecordLinkPrefix       = "link"
	SharePrefix            = "share"
	TransferPrefix         = "xfer"
	SealedCopyPrefix       = "seal"
	ConsentPrefix          = "cons"
	EmergencyAccessPrefix  = "emer"
	NotificationPrefix     = "ntf"
	APIKeyPrefix           = "key"
	EventPrefix            = "ev"
	IdempotencyKeyPrefix   = "idem"
)

// NewID makes a TypeID over a UUIDv7: time-ordered, unguessable, and readable
// as to its type ("prof_01m8...").
func NewID(prefix string) string {
	return typeid.Must(typeid.WithPrefix(prefix)).String()
}

// IDPrefix tells the type that an id names, or "" when it is not a TypeID.
func IDPrefix(id string) string {
	parsed, err := typeid.FromString(id)
	if err != nil {
		return ""
	}
	return parsed.Prefix()
}

// ValidID says whether id is a well-formed TypeID of the type that prefix names.
func ValidID(prefix, id string) bool {
	return strings.HasPrefix(id, prefix+"_") && IDPrefix(id) == prefix
}

func newID(prefix string) func() string {
	return func() string { return NewID(prefix) }
}

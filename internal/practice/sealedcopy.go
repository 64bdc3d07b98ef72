package practice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"continuum/ent"
	"continuum/ent/sealedcopy"
	"continuum/internal/access"
	"continuum/internal/seal"
	"continuum/schema"
)

// manifestFormat counts the shapes that the content of a copy has had. A copy is never
// rewritten: a program reads those that it knows, and refuses the others.
const manifestFormat = 1

// manifest is the content of a sealed copy. It names whose copy it is of what, so that
// a row in which that was changed does not open.
type manifest struct {
	Format     int           `json:"format"`
	RecordID   string        `json:"recordId"`
	TransferID string        `json:"transferId"`
	HolderID   string        `json:"holderId"`
	Record     *SealedRecord `json:"record"`
}

// canSeal refuses a sealed copy where the server has no key for one.
func (w *work) canSeal() error {
	if w.seal == nil {
		return fail(CodeInvalidState, "previousOwnerKeeps", "This server has no key for sealed copies.")
	}
	return nil
}

// sealCopy keeps the record as it stood for its owner, who hands it over by the transfer. ctx passes through the guard's door.
func (w *work) sealCopy(ctx context.Context, t *ent.Transfer, r *linkedRecord) error {
	if err := w.canSeal(); err != nil {
		return err
	}
	now, err := w.sealedRecord(access.System(ctx, "whoever accepts a record cannot read yet what its owner keeps of it"), r)
	if err != nil {
		return err
	}
	text, err := json.Marshal(manifest{manifestFormat, r.ID, t.ID, t.FromID, now})
	if err != nil {
		return fmt.Errorf("practice: seal record %s: %w", r.ID, err)
	}
	id := schema.NewID(schema.SealedCopyPrefix)
	content, err := w.seal.Seal(text, placeOf(id, t.FromWorkspaceID))
	if err != nil {
		return fmt.Errorf("practice: seal record %s: %w", r.ID, err)
	}
	return w.SealedCopy.Create().SetID(id).SetRecordID(r.ID).SetTransferID(t.ID).
		SetHolderID(t.FromID).SetWorkspaceID(t.FromWorkspaceID).SetNumber(now.Number).
		SetManifestHash(hashOf(text)).SetContent(content).
		SetCreatedAt(access.Now(ctx)).SetCreatedByID(w.viewer.ProfessionalID).
		Exec(ctx)
}

// OpenSealedCopy decrypts a copy that the viewer sees, and proves that nothing changed it.
// One that was changed is a fault, and nothing of it is shown.
func (p *Practice) OpenSealedCopy(ctx context.Context, c *ent.SealedCopy) (*SealedRecord, error) {
	found, err := p.openManifest(c)
	if err != nil {
		return nil, fmt.Errorf("practice: sealed copy %s: %w", c.ID, err)
	}
	found.Record.narrow(access.ViewerFrom(ctx))
	return found.Record, nil
}

// narrow leaves of a copy what the viewer's sign-in may be used for.
func (r *SealedRecord) narrow(v *access.Viewer) {
	if v == nil || !v.Has(schema.ScopeProfilesRead) {
		r.Profiles = []*SealedProfile{}
	}
	if v != nil && v.Has(schema.ScopeContactsRead) {
		return
	}
	for _, profile := range r.Profiles {
		profile.Contacts = []*SealedContact{}
	}
}

func (p *Practice) openManifest(c *ent.SealedCopy) (*manifest, error) {
	if p.seal == nil {
		return nil, errors.New("this server has no keys")
	}
	text, err := p.seal.Open(c.Content, placeOf(c.ID, c.WorkspaceID))
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(hashOf(text)), []byte(c.ManifestHash)) != 1 {
		return nil, errors.New("its hash is another")
	}
	var found manifest
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.DisallowUnknownFields() // what this program does not know, it would leave out
	// What the reader says may quote the content.
	if reader.Decode(&found) != nil || found.Format != manifestFormat || found.Record == nil {
		return nil, errors.New("its content is of another program")
	}
	if found.RecordID != c.RecordID || found.TransferID != c.TransferID || found.HolderID != c.HolderID || found.Record.Number != c.Number {
		return nil, errors.New("its row says another thing than its content")
	}
	return &found, nil
}

// placeOf is where the content of a copy stands.
func placeOf(id, workspaceID string) seal.About {
	return seal.About{Table: sealedcopy.Table, Column: sealedcopy.FieldContent, Row: id, Workspace: workspaceID}
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

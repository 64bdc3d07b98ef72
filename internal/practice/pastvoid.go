package practice

import (
	"context"
	"errors"
)

// pastVoid runs do, and once more where what stood in its way had ended by the clock, or
// become void, and only waited to be tidied.
func (p *Practice) pastVoid(ctx context.Context, recordID string, do func() error) error {
	err := do()
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != CodeAlreadyShared && refused.Code != CodeAlreadyOffered {
		return err
	}
	tidied, failure := p.tidy(ctx, recordID)
	switch {
	case failure != nil:
		return failure
	case tidied == 0:
		return err
	}
	return do()
}

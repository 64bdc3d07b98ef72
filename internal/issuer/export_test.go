package issuer

import "time"

// At lets a test say what time it is for how often the issuer is asked.
func (i *Issuer) At(now func() time.Time) { i.now = now }

//go:build !linux && !darwin

package doctor

// Disk cannot tell on this system what is left, and says nothing.
func (r *Report) Disk(string, int64) {}

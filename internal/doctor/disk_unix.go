//go:build linux || darwin

package doctor

import "syscall"

// Disk judges the disk of an SQLite database of a size in bytes.
func (r *Report) Disk(folder string, size int64) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		r.Doubt("disk", "mend the folder", "nobody can tell what is left: %v", err)
		return
	}
	r.Space(disk.Bavail*uint64(disk.Bsize), uint64(max(size, 0)))
}

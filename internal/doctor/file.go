package doctor

import (
	"errors"
	"io/fs"
	"os"
)

// Secret judges who may read a file that holds a secret.
func (r *Report) Secret(about, file string) {
	info, err := os.Stat(file)
	if err != nil {
		r.Bad(about, "put it back, or mend its folder", "%v", err)
		return
	}
	switch mode := info.Mode().Perm(); {
	case mode&0o007 != 0:
		r.Bad(about, "chmod 600 "+file, "%s is open to everybody on this machine (%v)", file, mode)
	case mode&0o070 != 0:
		r.Doubt(about, "chmod 600 "+file+", unless that group is this service's own", "%s is open to a group (%v)", file, mode)
	default:
		r.Good(about, "%s is for its owner alone", file)
	}
}

// Modes judges the files of an SQLite database.
func (r *Report) Modes(database string) {
	for _, file := range []string{database, database + "-wal", database + "-shm"} {
		if _, err := os.Stat(file); file != database && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		r.Secret("file mode", file)
	}
}

// Space that a disk should have left, in bytes.
const (
	spare  = 1 << 30
	scarce = 100 << 20
)

// Space judges what is left on the disk of an SQLite database of a size in bytes; a backup takes as much again.
func (r *Report) Space(free, size uint64) {
	switch do := "make room, or move the database: writes fail when the disk is full, and reads do not"; {
	case free < scarce:
		r.Bad("disk", do, "%d MB are left", free>>20)
	case free < spare || free < 2*size:
		r.Doubt("disk", do, "%d MB are left; the database has %d MB", free>>20, size>>20)
	default:
		r.Good("disk", "%d MB are left; the database has %d MB", free>>20, size>>20)
	}
}

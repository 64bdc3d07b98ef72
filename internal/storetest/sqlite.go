package storetest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// template is a migrated SQLite file, made once in a test process: a copy costs a hundredth of a migration.
var template struct {
	sync.Mutex
	file []byte
}

func sqliteCopy(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, sqliteTemplate(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

func sqliteTemplate(t testing.TB) []byte {
	t.Helper()
	template.Lock()
	defer template.Unlock()
	if template.file != nil {
		return template.file
	}
	path := filepath.Join(t.TempDir(), "template.db")
	if err := migrate(t, "sqlite:"+path); err != nil {
		t.Fatal(err)
	}
	// The last connection to close has folded the write-ahead log into the file.
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	template.file = file
	return file
}

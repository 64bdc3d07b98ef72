package command

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// However somebody prints the settings, what may hold a password stays hidden.
func TestSecret_IsNotPrinted(t *testing.T) {
	c := commands{Database: "postgres://u:hush@h/x", Direct: direct{DirectDatabase: "postgres://u:hush@h/y"}}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "all", c, "one", c.Database)
	said := fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.Database, c.Database) + log.String()
	if strings.Contains(said, "hush") || !strings.Contains(said, "***") {
		t.Error(said)
	}
}

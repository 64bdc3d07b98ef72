package storetest

import (
	"net/url"
	"os"
	"strings"
	"testing"
)

// poolerVariable holds the host and port of a PgBouncer before the test server, where tests should go through one.
const poolerVariable = "CONTINUUM_TEST_POOLER"

// Pooled turns the address of a database into the one through the pooler and the direct one; without a pooler, and for
// SQLite, it stays as it is and the direct one is empty.
func Pooled(t testing.TB, address string) (pooled, direct string) {
	t.Helper()
	pooler := os.Getenv(poolerVariable)
	if pooler == "" || strings.HasPrefix(address, "sqlite:") {
		return address, ""
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("the address is not a URL")
	}
	u.Host = pooler
	return u.String(), address
}

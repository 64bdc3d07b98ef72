package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"continuum/internal/seal"
)

var (
	plain = []byte("what nobody else may read")
	here  = seal.About{Table: "sealed_copies", Column: "content", Row: "seal_1", Workspace: "ws_1"}
)

func TestOpensWhereItWasPut(t *testing.T) {
	k := fresh(t)
	sealed := put(t, k)
	if bytes.Contains(sealed, plain) {
		t.Error("the sealed bytes tell what is in them")
	}
	if bytes.Equal(sealed, put(t, k)) {
		t.Error("the same text sealed twice reads the same")
	}
	opens(t, k, sealed)
	opens(t, reread(t, k), sealed)
}

func TestOpensNowhereElse(t *testing.T) {
	k := fresh(t)
	sealed := put(t, k)
	for name, there := range map[string]seal.About{
		"another table":     {Table: "profiles", Column: "content", Row: "seal_1", Workspace: "ws_1"},
		"another column":    {Table: "sealed_copies", Column: "number", Row: "seal_1", Workspace: "ws_1"},
		"another row":       {Table: "sealed_copies", Column: "content", Row: "seal_2", Workspace: "ws_1"},
		"another workspace": {Table: "sealed_copies", Column: "content", Row: "seal_1", Workspace: "ws_2"},
		"letters that move": {Table: "sealed_copie", Column: "scontent", Row: "seal_1", Workspace: "ws_1"},
	} {
		stays(t, name, k, sealed, there)
	}
	stays(t, "another key", fresh(t), sealed, here)
}

func TestOpensNothingThatChanged(t *testing.T) {
	k := fresh(t)
	sealed := put(t, k)
	for i := range sealed {
		for bit := range 8 {
			flipped := bytes.Clone(sealed)
			flipped[i] ^= 1 << bit
			stays(t, fmt.Sprintf("byte %d, bit %d", i, bit), k, flipped, here)
		}
	}
	for n := range sealed {
		stays(t, fmt.Sprintf("the first %d bytes", n), k, sealed[:n], here)
	}
	stays(t, "more than was sealed", k, append(bytes.Clone(sealed), 0), here)
}

func TestAPlaceIsWhole(t *testing.T) {
	k := fresh(t)
	sealed := put(t, k)
	for _, part := range []seal.About{
		{Column: "c", Row: "r", Workspace: "w"},
		{Table: "t", Row: "r", Workspace: "w"},
		{Table: "t", Column: "c", Workspace: "w"},
		{Table: "t", Column: "c", Row: "r"},
	} {
		if _, err := k.Seal(plain, part); err == nil {
			t.Errorf("sealed at %+v", part)
		}
		if _, err := k.Open(sealed, part); err == nil {
			t.Errorf("opened at %+v", part)
		}
	}
}

func TestRotate(t *testing.T) {
	old := fresh(t)
	before := put(t, old)
	rotated, err := old.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	rotated = reread(t, rotated)
	after := put(t, rotated)
	opens(t, rotated, before)
	opens(t, rotated, after)
	stays(t, "a key that came later", old, after, here)
	opens(t, old, put(t, old))
}

func TestParse_TakesNothingElse(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          "",
		"no JSON":          "top secret",
		"an empty keyset":  `{"primaryKeyId": 1, "key": []}`,
		"another cipher":   written(t, aead.ChaCha20Poly1305KeyTemplate()),
		"a shorter key":    written(t, aead.AES128GCMKeyTemplate()),
		"no primary":       strings.Replace(string(marshal(t, fresh(t))), `"primaryKeyId":`, `"primaryKeyId": 1, "x":`, 1),
		"a key cut short":  strings.Replace(string(marshal(t, fresh(t))), `"value": "`, `"value": "AAAA`, 1),
		"a secret misread": `{"primaryKeyId": 1, "key": [{"keyData": {"value": "top secret"}}]}`,
	} {
		k, err := seal.Parse([]byte(text))
		if !errors.Is(err, seal.ErrNoKeys) || k != nil {
			t.Errorf("%s: got %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error quotes the file: %v", name, err)
		}
	}
}

func TestKeysArePrintedNowhere(t *testing.T) {
	k := fresh(t)
	held := struct {
		Keys   *seal.Keys
		hidden *seal.Keys
	}{k, k}
	var log, lines bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "keys", k, "held", held)
	slog.New(slog.NewJSONHandler(&lines, nil)).Info("start", "keys", k, "held", held)
	printed := log.String() + lines.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb, k) + fmt.Sprintf(verb, *k) + fmt.Sprintf(verb, held)
	}
	secret := secretOf(t, k)
	if strings.Contains(printed, secret) || strings.Contains(printed, "AesGcm") {
		t.Errorf("a key is in %s", printed)
	}
	if got := fmt.Sprint(k); got != "***" {
		t.Errorf("the keys print as %s", got)
	}
}

func fresh(t *testing.T) *seal.Keys {
	t.Helper()
	k, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func put(t *testing.T, k *seal.Keys) []byte {
	t.Helper()
	sealed, err := k.Seal(plain, here)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func opens(t *testing.T, k *seal.Keys, sealed []byte) {
	t.Helper()
	got, err := k.Open(sealed, here)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opens as %q, %v", got, err)
	}
}

func stays(t *testing.T, name string, k *seal.Keys, sealed []byte, about seal.About) {
	t.Helper()
	if got, err := k.Open(sealed, about); !errors.Is(err, seal.ErrClosed) || got != nil {
		t.Errorf("%s: opens as %q, %v", name, got, err)
	}
}

func marshal(t *testing.T, k *seal.Keys) []byte {
	t.Helper()
	text, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func reread(t *testing.T, k *seal.Keys) *seal.Keys {
	t.Helper()
	again, err := seal.Parse(marshal(t, k))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// secretOf is the key itself, as its file writes it.
func secretOf(t *testing.T, k *seal.Keys) string {
	t.Helper()
	var file struct {
		Key []struct{ KeyData struct{ Value string } }
	}
	if err := json.Unmarshal(marshal(t, k), &file); err != nil || len(file.Key) != 1 || file.Key[0].KeyData.Value == "" {
		t.Fatalf("the file holds no key: %v", err)
	}
	return file.Key[0].KeyData.Value
}

// written is a keyset of one key of another kind.
func written(t *testing.T, kind *tinkpb.KeyTemplate) string {
	t.Helper()
	handle, err := keyset.NewHandle(kind)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

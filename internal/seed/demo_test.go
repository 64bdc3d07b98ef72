package seed_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/seed"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

func demo(t *testing.T, s *store.Store) *seed.Cast {
	t.Helper()
	cast, err := seed.Demo(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return cast
}

func TestDemo_IsTheSameEverywhere(t *testing.T) {
	var first map[string][]string
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		demo(t, s)
		found := content(t, s)
		if first == nil {
			first = found
		}
		if diff := cmp.Diff(first, found); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDemo_KeepsTheLaws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		demo(t, s)
		checkLaws(t, s)
	})
}

func TestDemo_TwiceIsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if there, err := seed.Present(t.Context(), s); there || err != nil {
			t.Fatalf("an empty database holds the demo: %v", err)
		}
		demo(t, s)
		before := content(t, s)
		if again := demo(t, s); again != nil {
			t.Error("the second call gave keys")
		}
		if there, err := seed.Present(t.Context(), s); !there || err != nil {
			t.Errorf("the demo is not found: %v", err)
		}
		if diff := cmp.Diff(before, content(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

// viewer signs in with the key of a role.
func viewer(t *testing.T, s *store.Store, cast *seed.Cast, workspace, name string) *access.Viewer {
	t.Helper()
	i := slices.IndexFunc(cast.Keys, func(k seed.Key) bool { return k.Workspace == workspace && strings.HasPrefix(k.Name, name) })
	v, err := practice.New(s).SignIn(t.Context(), cast.Keys[i].Token)
	if err != nil || v == nil {
		t.Fatalf("%s cannot sign in: %v", name, err)
	}
	return v
}

func TestDemo_KeysOpenIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		cast := demo(t, s)
		for _, key := range cast.Keys {
			v, err := practice.New(s).SignIn(t.Context(), key.Token)
			if err != nil || v == nil {
				t.Errorf("the key of %s, %s, opens nothing: %v", key.Name, key.Role, err)
			}
		}
		clinic, school := viewer(t, s, cast, "clinic", "Noor"), viewer(t, s, cast, "school", "Noor")
		if clinic.AccountID != school.AccountID || clinic.ProfessionalID == school.ProfessionalID {
			t.Error("Noor is not one human and two professionals")
		}
	})
}

func TestDemo_KeysDiffer(t *testing.T) {
	one := demo(t, storetest.Open(t, storetest.Engines[0]))
	two := demo(t, storetest.Open(t, storetest.Engines[0]))
	for i := range one.Keys {
		if one.Keys[i].Token == two.Keys[i].Token {
			t.Errorf("the key of %s is the same everywhere", one.Keys[i].Name)
		}
	}
}

// Two services of two workspaces follow Léa: both see her, neither sees the other's record.
func TestDemo_ShowsOneChildToTwoServices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		cast := demo(t, s)
		titles := map[string][]string{}
		for _, who := range [][2]string{{"school", "Bob"}, {"clinic", "Ben"}} {
			ctx := access.WithViewer(t.Context(), viewer(t, s, cast, who[0], who[1]))
			lea, err := s.Client().Profile.Query().Where(profile.GivenName("Léa")).Only(ctx)
			if err != nil {
				t.Fatalf("%s does not see Léa: %v", who[1], err)
			}
			records, err := s.Client().Record.Query().All(ctx)
			if err != nil {
				t.Fatal(err)
			}
			titles[who[1]] = append(titles[who[1]], lea.ID)
			titles[who[1]] = append(titles[who[1]], named(records)...)
		}
		if titles["Bob"][0] != titles["Ben"][0] {
			t.Error("there are two of Léa")
		}
		if !slices.Contains(titles["Bob"], "Learning assessment") || slices.Contains(titles["Bob"], "Speech therapy") {
			t.Errorf("Bob sees %q", titles["Bob"])
		}
		if !slices.Contains(titles["Ben"], "Speech therapy") || slices.Contains(titles["Ben"], "Learning assessment") {
			t.Errorf("Ben sees %q", titles["Ben"])
		}
	})
}

func named(records []*ent.Record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.Title)
	}
	return list
}

func TestCast_WritesAFileForItsOwnerAlone(t *testing.T) {
	cast := demo(t, storetest.Open(t, storetest.Engines[0]))
	path := filepath.Join(t.TempDir(), "demo-keys.txt")
	// What an earlier demo left, readable to everyone.
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := cast.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v: %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range cast.Keys {
		if strings.Count(string(text), key.Token) != 1 {
			t.Errorf("the file lacks the key of %s", key.Name)
		}
	}
}

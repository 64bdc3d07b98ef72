// Command generate writes package ent and package exec from the schema: `make
// generate` runs it. Run it at the root of the repository.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	// gqlgen binds the SDL to what ent has written.
	for _, write := range []func() error{entities, executor} {
		if err := write(); err != nil {
			log.Fatalf("generate: %v", err)
		}
	}
}

func entities() error {
	return entc.Generate("./schema", &gen.Config{
		Target:  "./ent",
		Package: entPackage,
		Features: []gen.Feature{
			gen.FeatureIntercept,
			gen.FeatureModifier,
			gen.FeatureVersionedMigration,
		},
	}, entc.TemplateDir("./schema/template"))
}

func executor() error {
	settings, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return fmt.Errorf("read gqlgen.yml: %w", err)
	}
	log.SetOutput(io.Discard) // gqlgen tells of each resolver
	defer log.SetOutput(os.Stderr)
	return api.Generate(settings, api.AddPlugin(plain{}), api.AddPlugin(resolved{}))
}

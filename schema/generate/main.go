// Command generate writes package ent from the schema: `make generate` runs it
// before gqlgen. Run it at the root of the repository.
package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("./schema", &gen.Config{
		Target:  "./ent",
		Package: "continuum/ent",
		Features: []gen.Feature{
			gen.FeatureIntercept,
			gen.FeatureModifier,
			gen.FeatureVersionedMigration,
		},
	}, entc.TemplateDir("./schema/template"))
	if err != nil {
		log.Fatalf("generate: %v", err)
	}
}

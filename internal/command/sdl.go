package command

import (
	"github.com/vektah/gqlparser/v2/formatter"

	"continuum/graph/exec"
)

// sdl is the command that prints the schema of the graph.
type sdl struct{}

// Run prints it, descriptions included.
func (sdl) Run(house House) error {
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	formatter.NewFormatter(house.Out, formatter.WithIndent("  ")).FormatSchema(schema)
	return nil
}

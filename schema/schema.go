// Package schema says what there is. Each noun stands here twice: x.go says how
// it is stored (ent), x.graphql how it is seen (SDL).
//
// Its one rule: these files import nothing of ours and hold no behaviour, so the
// machine-written packages can always be rebuilt from them.
package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"
)

// identified gives a type its TypeID: the prefix names the type, the rest is a
// UUIDv7, so that new rows land at the end of the index.
type identified struct {
	mixin.Schema
	prefix string
}

func (m identified) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").
			Immutable().
			NotEmpty().
			MaxLen(63).
			DefaultFunc(newID(m.prefix)),
	}
}

// stamped says when a row began and by whom. The author is a professional's id,
// empty for what the system made.
type stamped struct{ mixin.Schema }

func (stamped) Fields() []ent.Field {
	return []ent.Field{
		field.Time("created_at").Immutable().Default(Now),
		field.String("created_by_id").Optional().Immutable(),
	}
}

// versioned counts the changes of a row that people edit, so that an editor can
// be told that somebody was faster.
type versioned struct{ mixin.Schema }

func (versioned) Fields() []ent.Field {
	return []ent.Field{
		field.Int("version").Default(1).Positive(),
		field.Time("updated_at").Default(Now).UpdateDefault(Now),
		field.String("updated_by_id").Optional(),
	}
}

// parent is a required edge to the one row that this row belongs to for good.
func parent(name string, to any) ent.Edge {
	return edge.To(name, to).Unique().Required().Immutable().Field(name + "_id").
		Annotations(entsql.OnDelete(entsql.Restrict))
}

// optional is an edge to a row that may be absent.
func optional(name string, to any) ent.Edge {
	return edge.To(name, to).Unique().Field(name + "_id").
		Annotations(entsql.OnDelete(entsql.Restrict))
}

// holder is an edge to one of the rows that may hold this row for good.
func holder(name string, to any) ent.Edge {
	return edge.To(name, to).Unique().Immutable().Field(name + "_id").
		Annotations(entsql.OnDelete(entsql.Cascade))
}

// key is the column behind a parent edge.
func key(name string) ent.Field { return field.String(name + "_id").Immutable().NotEmpty() }

// live makes a unique index that looks only at rows that have not ended.
func live(where string, columns ...string) ent.Index {
	return index.Fields(columns...).Unique().Annotations(entsql.IndexWhere(where))
}

// partial makes an index over the rows that a rule looks for.
func partial(where string, columns ...string) ent.Index {
	return index.Fields(columns...).Annotations(entsql.IndexWhere(where))
}

// Now is the instant in UTC, in the microseconds that both engines keep.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

package access

import (
	"encoding/json"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"
)

// set is a set of rows as SQL: the union of branches, each of which is driven by
// an index of its own. An OR of the same conditions would walk the whole table
// (docs/adr/0003). The empty set is nobody's.
type set []branch

// branch is one SELECT. Its text holds constants of this package only; every
// value is an argument:
//
//	@in   one of a list of ids ([]string), or the id that an expression of the statement names (atHand)
//	@set  a member of another set (set)
//	@once a member of another set (set), which is gathered even where the rows are known
//	@arg  a single value
type branch struct {
	text string
	args []any
	far  bool // whether all of a workspace is in it, and not what the viewer's own facts lead to
	once bool // whether no index leads from a row to it, so that it is gathered even where the rows are known
	at   *atRecord
	lead *branch // what finds its rows by an index, and maybe others, which are none of it
}

// atRecord is how a branch that leads through a record r asks of one row. Branches with the same way are asked at once, so that
// it is walked once.
type atRecord struct {
	way    string // from the row to r, with @ask for what is asked there
	ask    string // what r is asked
	args   []any
	others set // the records of which it holds by what else is in the database, to gather where many rows are asked about
}

func from(text string, args ...any) branch { return branch{text: text, args: args} }

// onlyFrom is a branch that leads from the viewer's own facts to rows, and not back.
func onlyFrom(text string, args ...any) branch { return branch{text: text, args: args, once: true} }

// allOf is a branch that all of a workspace is in.
func allOf(text string, args ...any) branch { return branch{text: text, args: args, far: true} }

// in is the predicate that the column's value is in the set.
func (s set) in(column string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { s.writeIn(b, column) })
}

func (s set) writeIn(b *sql.Builder, column string) {
	if len(s) == 0 {
		b.WriteString("FALSE")
		return
	}
	b.WriteString(column + " IN (")
	s.write(b)
	b.WriteString(")")
}

// table is the set as a derived table, found.
func (s set) table() sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(")
		s.write(b)
		b.WriteString(") AS found")
	})
}

// of is the predicate that a row which is there is in the set: the set's own conditions, asked of that row. It is for
// statements that have few rows to ask about; in gathers all that the viewer sees, for those that look for rows.
func (s set) of(table, alias string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { s.writeOf(b, table, alias) })
}

// named is the predicate that the row whose id an expression of the statement gives is in the set, asked of that row.
func (s set) named(id string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { s.holds(b, id, 1) })
}

func (s set) writeOf(b *sql.Builder, table, alias string) {
	s.asked().writeEach(b, func(r branch) {
		if where, own := r.own(table); own {
			letter := strings.TrimPrefix(r.text, "SELECT ")[:1]
			from(renamed(where, 1, letter, alias), r.args...).writeAt(b, 1)
			return
		}
		r.holds(b, alias+".id", 1)
	})
}

// holds writes that the value of a column outside of the set is in it.
func (s set) holds(b *sql.Builder, column string, depth int) {
	s.asked().writeEach(b, func(r branch) { r.holds(b, column, depth) })
}

// asked is the set as it is asked of one row: what costs least goes first, then what leads through links, then what is seldom
// so, and what has to be gathered last.
func (s set) asked() set {
	cheap, dear := make(set, 0, len(s)), make(set, 0, len(s))
	var seldom, dearest set
	for _, r := range s {
		switch {
		case r.once:
			dearest = append(dearest, r)
		case strings.Contains(r.text, "NOT EXISTS"):
			seldom = append(seldom, r)
		case r.at != nil:
			dear = dear.alsoAt(*r.at)
		case strings.Contains(r.text, " JOIN "):
			dear = append(dear, r)
		default:
			cheap = append(cheap, r)
		}
	}
	for i, r := range dear {
		if r.at != nil {
			dear[i] = from(strings.Replace(r.at.way, "@ask", "("+r.at.ask+")", 1), r.at.args...)
		}
	}
	return slices.Concat(cheap, dear, seldom, dearest)
}

// alsoAt is the set with something more that is asked at a record.
func (s set) alsoAt(more atRecord) set {
	i := slices.IndexFunc(s, func(r branch) bool { return r.at != nil && r.at.way == more.way })
	if i < 0 {
		return append(s, branch{at: &more})
	}
	at := s[i].at
	at.ask, at.args = at.ask+" OR "+more.ask, slices.Concat(at.args, more.args)
	return s
}

// ofMany is the set for a statement that asks about row after row until it has found enough: what can be gathered of records
// is gathered once, when the first row asks for it.
func (s set) ofMany() set {
	many := slices.Clone(s)
	for i, r := range many {
		if r.at != nil && r.at.others != nil {
			many[i].at = &atRecord{way: r.at.way, ask: "r.id @once", args: []any{r.at.others}}
		}
		many[i].args = slices.Clone(r.args)
		for j, arg := range r.args {
			if rows, is := arg.(set); is {
				many[i].args[j] = rows.ofMany()
			}
		}
	}
	return many
}

func (s set) writeEach(b *sql.Builder, write func(branch)) {
	if len(s) == 0 {
		b.WriteString("FALSE")
		return
	}
	b.WriteString("(")
	for i, r := range s {
		if i > 0 {
			b.WriteString(" OR ")
		}
		write(r)
	}
	b.WriteString(")")
}

// holds asks for one of the branch's rows, that of the column's value. It is no EXISTS: PostgreSQL would rather gather
// all of a branch than ask it as often as it expects to.
func (r branch) holds(b *sql.Builder, column string, depth int) {
	if r.once {
		set{r}.writeGathered(b, column)
		return
	}
	selected, rest, _ := strings.Cut(strings.TrimPrefix(r.text, "SELECT "), " FROM ")
	if table, where, one := r.byID(); one {
		// Its conditions are selected, so that no index but that of the ids can be walked.
		b.WriteString("(SELECT (")
		from(renamed(where, depth, "", ""), r.args...).writeAt(b, depth)
		b.WriteString(") FROM " + renamed(table, depth, "", "") + " WHERE " + renamed(selected, depth, "", "") + " = " + column + ")")
		return
	}
	b.WriteString("(SELECT TRUE FROM ")
	from(renamed(rest, depth, "", ""), r.args...).writeAt(b, depth)
	b.WriteString(" AND " + renamed(selected, depth, "", "") + " = " + column + " LIMIT 1)")
}

// byID says whether a branch is the ids of one table's rows, of which there is one at the most for each id.
func (r branch) byID() (table, where string, is bool) {
	selected, where, _ := strings.Cut(r.text, " WHERE ")
	selected, table, _ = strings.Cut(strings.TrimSpace(selected), " FROM ")
	letter := strings.TrimPrefix(selected, "SELECT ")[:1]
	name, alias, _ := strings.Cut(table, " ")
	return table, where, selected == "SELECT "+letter+".id" && alias == letter && !strings.Contains(name, "(")
}

// renamed gives other names to the tables of a text, each of which is one letter, so that none hides a table of the statement
// around it; the one that is that statement's own gets its name there.
func renamed(text string, depth int, own, alias string) string {
	var out strings.Builder
	out.Grow(len(text) + 32)
	copied := 0
	for i := 0; i < len(text); i++ {
		if !inWord(text[i]) {
			continue
		}
		end := i + 1
		for end < len(text) && inWord(text[end]) {
			end++
		}
		if letter := text[i]; end == i+1 && letter >= 'a' && letter <= 'z' {
			out.WriteString(text[copied:i])
			if own != "" && letter == own[0] {
				out.WriteString(alias)
			} else {
				out.WriteByte(letter)
				out.WriteByte('0' + byte(depth))
			}
			copied = end
		}
		i = end
	}
	out.WriteString(text[copied:])
	return out.String()
}

// inWord says whether a byte belongs to a name, a number or a mark.
func inWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '@' || c >= '0' && c <= '9'
}

func (s set) write(b *sql.Builder) { s.writeAt(b, 0) }

func (s set) writeAt(b *sql.Builder, depth int) {
	for i, branch := range s {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		branch.writeAt(b, depth)
	}
}

// gathered is the depth of what is gathered once, and so are the sets in it.
const gathered = -1

func (r branch) write(b *sql.Builder) { r.writeAt(b, 0) }

// writeAt writes the branch's text with its values: at depth 0 sets are gathered, deeper they are asked.
func (r branch) writeAt(b *sql.Builder, depth int) {
	args := r.args
	for rest := r.text; ; {
		before, after, found := strings.Cut(rest, "@")
		if depth > 0 && strings.HasPrefix(after, "set") {
			at := strings.LastIndexByte(strings.TrimSuffix(before, " "), ' ') + 1
			b.WriteString(before[:at])
			args[0].(set).holds(b, strings.TrimSuffix(before[at:], " "), depth+1)
			rest, args = after[len("set"):], args[1:]
			continue
		}
		b.WriteString(before)
		if !found {
			return
		}
		switch {
		case strings.HasPrefix(after, "in"):
			writeAmong(b, args[0])
			rest = after[len("in"):]
		case strings.HasPrefix(after, "once"):
			b.WriteString("IN (")
			args[0].(set).write(b)
			b.WriteString(")")
			rest = after[len("once"):]
		case strings.HasPrefix(after, "set"):
			if depth == gathered {
				args[0].(set).writeGathered(b, "")
			} else {
				b.WriteString("IN (")
				args[0].(set).write(b)
				b.WriteString(")")
			}
			rest = after[len("set"):]
		default:
			b.Arg(args[0])
			rest = strings.TrimPrefix(after, "arg")
		}
		args = args[1:]
	}
}

// atHand is the id of a row that a statement has at hand: an expression.
type atHand string

func writeAmong(b *sql.Builder, ids any) {
	if one, is := ids.(atHand); is {
		b.WriteString("= " + string(one))
		return
	}
	writeList(b, ids.([]string))
}

// writeList tests for membership in a list that is one argument, so that the
// statement's text does not depend on the list's length.
func writeList(b *sql.Builder, ids []string) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("= ANY(")
		b.Arg(pq.StringArray(ids))
		b.WriteString(")")
		return
	}
	list, _ := json.Marshal(ids) // a list of strings always marshals
	b.WriteString("IN (SELECT value FROM json_each(")
	b.Arg(string(list))
	b.WriteString("))")
}

// AnyOf keeps the rows whose column is one of the ids. The list is one argument, so
// the statement's text stays the same whatever its length.
func AnyOf(column string, ids []string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(s.C(column) + " ")
			writeList(b, ids)
		}))
	}
}

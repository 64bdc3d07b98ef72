package sweep

// write appends the answer for one row, the n-th of its level; false where a value is null that may not be.
func (r *run) write(b []byte, s *Selection, row any, n int) (_ []byte, ok bool) {
	b = append(b, '{')
	for _, f := range s.Fields {
		b = append(b, f.key...)
		switch {
		case f.text != nil:
			b = append(b, f.text...)
		case f.how.Write != nil:
			if b = f.how.Write(b, row); b == nil {
				return nil, false
			}
		default:
			if b, ok = r.value(b, f, n); !ok {
				return nil, false
			}
		}
	}
	return append(b, '}'), true
}

// value appends what was found of one field for the n-th row.
func (r *run) value(b []byte, f *Field, n int) (_ []byte, ok bool) {
	at := &r.places[f.place]
	required := f.Definition.Type.NonNull
	if at.ends == nil {
		return r.one(b, f, at, n, required)
	}
	if at.null != nil && at.null[n] {
		return append(b, "null"...), !required
	}
	start := 0
	if n > 0 {
		start = at.ends[n-1]
	}
	required = f.Definition.Type.Elem.NonNull
	b = append(b, '[')
	for i := start; i < at.ends[n]; i++ {
		if i > start {
			b = append(b, ',')
		}
		if b, ok = r.one(b, f, at, i, required); !ok {
			return nil, false
		}
	}
	return append(b, ']'), true
}

func (r *run) one(b []byte, f *Field, at *place, i int, required bool) ([]byte, bool) {
	row := at.found[i]
	if row == nil {
		return append(b, "null"...), !required
	}
	if f.Below == nil {
		return append(b, row.([]byte)...), true
	}
	below := f.Below
	if below.of != nil {
		below = below.of[r.guide.TypeOf(row)]
	}
	if at.nth != nil {
		i = at.nth[i]
	}
	return r.write(b, below, row, i)
}

// size is a guess at how long the answer will be.
func (r *run) size() int {
	size := 512
	for i := range r.places {
		size += 96 * len(r.places[i].found)
	}
	return size
}

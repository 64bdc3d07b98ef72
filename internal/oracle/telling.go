package oracle

import "slices"

// tell leaves word with everybody behind the principals, but for m who does it. Nobody
// is told the same twice.
func (w *World) tell(m, kind string, principals ...string) {
	for p := range w.Professionals {
		if p != m && w.acts(p) && slices.ContainsFunc(principals, func(id string) bool { return w.answersFor(p, id) }) {
			w.note(p, kind)
		}
	}
}

// tellOne leaves word with one professional, whatever has become of them.
func (w *World) tellOne(m, kind, professional string) {
	if professional != m {
		w.note(professional, kind)
	}
}

func (w *World) note(professional, kind string) {
	if w.Told == nil {
		w.Told = map[Notice]int{}
	}
	w.Told[Notice{professional, kind}]++
}

// anybodyBehind says whether somebody acts for a principal.
func (w *World) anybodyBehind(principal string) bool {
	for p := range w.Professionals {
		if w.Answers(p, principal) {
			return true
		}
	}
	return false
}

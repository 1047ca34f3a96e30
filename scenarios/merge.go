package scenarios

// merge lays what a design says over what all designs share: mappings are
// joined key by key, anything else takes the place of what was there, and null
// takes it away. Parts that only one side has are used as they are, so that a
// merge costs what the design says, not what is shared. Neither side changes.
func (r *report) merge(base, over *node) *node {
	switch {
	case over == nil:
		return base
	case base == nil || base.shape != mapping || over.shape != mapping:
		return over
	}
	out := &node{shape: mapping, line: over.line, col: over.col, size: 1}
	at := make(map[string]int, len(base.pairs))
	for _, p := range base.pairs {
		at[p.key.text] = len(out.pairs)
		out.pairs = append(out.pairs, p)
	}
	for _, p := range over.pairs {
		i, shared := at[p.key.text]
		switch {
		case shared && p.val.shape == null:
			out.pairs[i].val = nil
		case shared:
			out.pairs[i] = pair{p.key, r.merge(out.pairs[i].val, p.val)}
		case p.val.shape == null:
			r.at(p.key, "null takes away what all designs share; to have one with default settings write {}", "there is no shared %q to take away", p.key.text)
		default:
			out.pairs = append(out.pairs, p)
		}
	}
	kept := out.pairs[:0]
	for _, p := range out.pairs {
		if p.val != nil {
			kept = append(kept, p)
			out.size += p.val.size + 1
		}
	}
	out.pairs = kept
	return out
}

package yamltree

// Merge merges the part of a design (over) into the part that all designs share
// (base): mappings are merged key by key, any other value replaces the shared one,
// and null removes it. Subtrees that only one side has are not copied, so that the
// cost depends on the size of over. Neither side is changed. Beside a key that stands
// for settings laid under (Language.Under), null stays, for them.
func (r *Report) Merge(base, over *Node) *Node {
	switch {
	case over == nil:
		return base
	case base == nil || base.Shape != Mapping || over.Shape != Mapping:
		return over
	}
	out := &Node{Pos: over.Pos, Shape: Mapping, Size: 1}
	at := make(map[string]int, len(base.Pairs))
	for _, p := range base.Pairs {
		at[p.Key.Text] = len(out.Pairs)
		out.Pairs = append(out.Pairs, p)
	}
	under := r.language.Under != "" && (base.Get(r.language.Under) != nil || over.Get(r.language.Under) != nil)
	for _, p := range over.Pairs {
		i, shared := at[p.Key.Text]
		switch {
		case under && p.Val.Shape == Null && !(shared && p.Key.Text == r.language.Under): // it is for what is laid under
			if !shared {
				i, out.Pairs = len(out.Pairs), append(out.Pairs, p)
			}
			out.Pairs[i] = p
		case shared && p.Val.Shape == Null:
			out.Pairs[i].Val = nil
		case shared:
			out.Pairs[i] = Pair{p.Key, r.Merge(out.Pairs[i].Val, p.Val)}
		case p.Val.Shape == Null:
			r.At(p.Key, "null takes away what all designs share; to have one with default settings write {}", "there is no shared %q to take away", p.Key.Text)
		default:
			out.Pairs = append(out.Pairs, p)
		}
	}
	kept := out.Pairs[:0]
	for _, p := range out.Pairs {
		if p.Val != nil {
			kept = append(kept, p)
			out.Size += p.Val.Size + 1
		}
	}
	out.Pairs = kept
	return out
}

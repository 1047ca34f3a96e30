package scenarios

import (
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

type reordering struct {
	p  float64
	by draw.Dist
}

var reorderObject = newObject("reordering", "how often, and by how much",
	one("probability", shareValue, required, "the share of messages that are held back", func(o *reordering) *float64 { return &o.p }),
	one("by", timeDist, "one more latency", "how long they are held back", func(o *reordering) *draw.Dist { return &o.by }),
).overridable()

var reorderKind = &kind{name: "reordering", example: "5%", object: reorderObject.info, doc: "a share, or a mapping that also says by how much",
	schema: func() *jsonschema.Schema { return anyOf(shareKind.schema(), ref(reorderObject.info)) }}

var reorderValue = value[reordering]{reorderKind, func(r *reader, n *node) (o reordering, ok bool) {
	if n.shape == mapping {
		ok = reorderObject.read(r, n, &o)
		return o, ok
	}
	o.p, ok = shareValue.read(r, n)
	return o, ok
}}

var linkObject = newObject("link", "how messages fare from one node (a load, a service or a broker) to another; `shop -> pay` describes the way back too, unless `pay -> shop` is there; what a link does not say it takes from `default`",
	one("latency", timeDist, "0s", "the time one way", func(l *model.LinkParams) *draw.Dist { return &l.Latency }),
	one("jitter", timeDist, "0s", "added to the latency", func(l *model.LinkParams) *draw.Dist { return &l.Jitter }),
	one("order", choice(words("none fifo"), false, true), "none", "`none`: each message travels by itself and may overtake; `fifo`: one connection, none overtakes", func(l *model.LinkParams) *bool { return &l.InOrder }),
	one("loss", shareValue, "0%", "the share of messages that are lost", func(l *model.LinkParams) *float64 { return &l.Loss }),
	with("retransmit", limitValue, "none", "a lost message is sent again after this; `none`: it is gone, in silence", func(l *model.LinkParams, d duration) { l.Retransmit = max(d, 0) }),
	one("duplicate", shareValue, "0%", "the share of messages that arrive twice", func(l *model.LinkParams) *float64 { return &l.Duplicate }),
	with("reorder", reorderValue, "0%", "the share of messages that are held back, so that later ones overtake them", func(l *model.LinkParams, o reordering) { l.Reorder, l.ReorderBy = o.p, o.by }),
	one("corrupt", shareValue, "0%", "the share of messages that are damaged", func(l *model.LinkParams) *float64 { return &l.Corrupt }),
	one("corruption", choice(words("caught unseen"), false, true), "caught", "a damaged message is dropped by its checksum, or reaches the handler, which fails", func(l *model.LinkParams) *bool { return &l.Unseen }),
	one("bandwidth", bandwidthValue, "not limited", "how fast the bytes of messages go over the link, one message after the other", func(l *model.LinkParams) *float64 { return &l.Bandwidth }),
).overridable()

// ends splits the key of a link.
func ends(key string) (from, to string, ok bool) {
	from, to, ok = strings.Cut(key, "->")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	return from, to, ok && validName(from) && validName(to)
}

// readLinks reads the default first, because every link starts from it.
func readLinks(r *reader, n *node, d *model.Design) {
	if def := n.get("default"); def != nil {
		r.in("link.default", def, def, func() { linkObject.read(r, def, &d.Default) })
	}
	r.entries(n, "links", func(key, val *node) {
		if key.text == "default" {
			return
		}
		from, to, ok := ends(key.text)
		if both := strings.TrimSpace(strings.TrimSuffix(from, "<")); !ok && validName(both) && validName(to) {
			r.at(key, "write "+both+" -> "+to+": it describes the way back too, unless "+to+" -> "+both+" is there", "a link is written with ->")
			return
		}
		if !ok {
			r.at(key, meant(key.text, "keys", []string{"default"})+", or a link written shop -> pay", "%q is not a link", key.text)
			return
		}
		l := model.Link{From: from, To: to, LinkParams: d.Default}
		r.in("link."+from+"->"+to, key, val, func() {
			if linkObject.read(r, val, &l.LinkParams) {
				d.Links = append(d.Links, l)
			}
		})
	})
}

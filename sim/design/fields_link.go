package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

var linkTable = spec.New(spec.Table{
	Name: "link", Shared: true,
	Doc: "how messages fare from one node (a load, a service or a broker) to another; `shop -> pay` describes the way back too, unless `pay -> shop` is there; what a link does not say it takes from `default`",
	Fields: []spec.Field{
		useField,
		{Key: "latency", Kind: spec.TimeDist, Rank: 8, Default: spec.Of(0), Live: true, Doc: "time a message travels one way",
			At: spec.At(func(l *LinkParams) *draw.Dist { return &l.Latency })},
		{Key: "jitter", Kind: spec.TimeDist, Default: spec.Of(0), Live: true, Doc: "random time added to the latency",
			At: spec.At(func(l *LinkParams) *draw.Dist { return &l.Jitter })},
		{Key: "order", Kind: spec.Word, Words: []string{"auto", "none", "fifo"}, Default: spec.Of(0),
			Doc: "`none`: each message travels by itself and may overtake; `fifo`: none overtakes, and one that was lost holds back those behind it until it has come; `auto`: `fifo` between a broker and its clients, otherwise `none`",
			At:  spec.Enum(func(l *LinkParams) *Order { return &l.Order })},
		{Key: "loss", Kind: spec.Share, Rank: 9, Default: spec.Of(0), Live: true, Doc: "probability that a message is lost",
			At: spec.At(func(l *LinkParams) *float64 { return &l.Loss })},
		{Key: "retransmit", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Says("auto"), AutoWord: "auto", Live: true,
			Doc: "time after which a lost message is sent again; `auto`: 200ms between a broker and its clients, otherwise none. Between a broker and its clients each further time is twice as long, up to 5 s, and what is sent while the link is cut comes when the cut ends; with `none`, both are lost",
			At:  spec.At(func(l *LinkParams) *time.Duration { return &l.Retransmit })},
		{Key: "duplicate", Kind: spec.Share, Rank: 10, Default: spec.Of(0), Live: true, Doc: "probability that a message arrives twice",
			At: spec.At(func(l *LinkParams) *float64 { return &l.Duplicate })},
		{Key: "reorder", Path: spec.Self, Kind: spec.Part, Inner: reorderTable,
			Doc: "messages that are held back, so that later ones overtake them", At: spec.Same},
		{Key: "corrupt", Kind: spec.Share, Default: spec.Of(0), Live: true, Doc: "probability that a message is corrupted",
			At: spec.At(func(l *LinkParams) *float64 { return &l.Corrupt })},
		{Key: "corruption", Kind: spec.Word, Words: []string{"caught", "unseen"}, Default: spec.Of(0),
			Doc: "a corrupted message is dropped by its checksum, or reaches the handler, which fails; on its way into a queue it stays corrupted there, a poison message",
			At:  spec.At(func(l *LinkParams) *bool { return &l.Unseen })},
		{Key: "bandwidth", Kind: spec.Bandwidth, Min: 1e-3, Unlimited: true, Default: spec.Never, Live: true,
			Doc: "bytes the connection carries per second",
			At:  spec.At(func(l *LinkParams) *float64 { return &l.Bandwidth })},
		ownPrice("price of a billion bytes on the link, in the currency of `prices`", func(l *LinkParams) *float64 { return &l.Price }, func(l *LinkParams) *bool { return &l.HasPrice }),
		{Path: "down", Kind: spec.Number, Max: 1, Live: true, Doc: "1: cut, everything sent is lost",
			At: spec.At(func(l *LinkParams) *float64 { return &l.Down })},
	},
})

var reorderTable = spec.New(spec.Table{
	Name: "reordering", Doc: "how often, and by how much", Short: true, Shared: true,
	Fields: []spec.Field{
		{Key: "probability", Path: "reorder", Kind: spec.Share, Default: spec.Default{Given: true, Required: true}, Live: true,
			Doc: "probability that a message is held back",
			At:  spec.At(func(l *LinkParams) *float64 { return &l.Reorder })},
		{Key: "by", Path: "reorder_by", Kind: spec.TimeDist, Default: spec.Says("one more latency"), Live: true, Doc: "how long a message is held back",
			At: spec.At(func(l *LinkParams) *draw.Dist { return &l.ReorderBy })},
	},
})

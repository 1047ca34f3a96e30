package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

// stepTables is indexed by StepOp.
var stepTables = []StepTable{
	Work: step(Work, false, "hold the worker for a time",
		spec.Field{Key: "work", Kind: spec.TimeDist, Rank: 6, Default: spec.Required, Live: true, Doc: "how long the step takes at speed 1", At: stepTime, By: stepBy}),
	Call: step(Call, false, "send and wait for the answer, holding the worker",
		to("call", "service and handler"), useField, timeoutField, retryField, lateField, cancelField, sizeField, setField, traceField, elseField, degradedField),
	Await: step(Await, false, "send and wait for the answer without holding the worker",
		to("await", "service and handler"), useField, timeoutField, retryField, lateField, cancelField, sizeField, setField, traceField, elseField, degradedField),
	Send: step(Send, false, "send and do not wait", to("send", "service and handler, or broker and queue"), sizeField, setField, traceField),
	Publish: step(Publish, false, "hand a message to a broker and do not wait, unless `confirm` says so", append([]spec.Field{
		to("publish", "broker and queue or topic"), useField,
		{Key: "confirm", Kind: spec.YesNo, Default: spec.Of(0), Doc: "wait until the broker has it, holding the worker",
			At: spec.At(func(s *Step) *bool { return &s.Confirm })},
		timeoutField, retryField, lateField, sizeField, setField, traceField,
		{Key: "batch", Kind: spec.Part, Inner: gatherTable, Default: spec.Says("each message is sent by itself"), Doc: gatherDoc,
			At: spec.At(func(s *Step) *Gather { return &s.Gather })},
		{Key: "priority", Kind: spec.Count, Path: spec.NoParam, Max: MaxRanks - 1, Default: spec.Says("that of the operation's load"), Doc: "of the message in a queue that has `priorities`",
			At: spec.At(func(s *Step) *int { return &s.Post.Priority }), Has: spec.At(func(s *Step) *bool { return &s.Post.HasPriority }), By: spec.At(func(s *Step) *string { return &s.Post.PriorityBy })},
		elseField, degradedField}, postFields(func(s *Step) *Post { return &s.Post })...)...),
	Parallel: step(Parallel, false, "do several branches at once; `need: 1` waits for the first",
		spec.Field{Key: "parallel", Kind: spec.Part, Form: "branches", Inner: copiesTable, Default: spec.Required,
			Doc: "a list of branches, each a list of steps; or `{times: 100, do: […]}` for copies of one", At: spec.Same},
		spec.Field{Key: "need", Kind: spec.Count, Label: "branches", Min: 1, Max: MaxBranches, AutoWord: "all", Live: true,
			Default: spec.Auto("all", func(s *Step) float64 { return float64(s.BranchCount()) }),
			Doc:     "branches that must succeed", At: spec.At(func(s *Step) *int { return &s.Need })},
		spec.Field{Key: "cancel", Kind: spec.YesNo, Default: spec.Of(0),
			Doc: "the branches that are left when enough have succeeded, or too many failed, also cut the work that they called for; otherwise only calls with a `cancel` of their own do",
			At:  spec.At(func(s *Step) *bool { return &s.Cancel })},
		elseField, degradedField),
	Choose: step(Choose, false, "do one of several branches, at random or by conditions",
		spec.Field{Key: "choose", Kind: spec.Form, Form: "choices", Inner: choiceTable, Default: spec.Required,
			Doc: "branches with their probabilities (`p`), or with conditions (`when`), of which the first that holds decides; the last may have neither: it is the rest. Without it, what is left does nothing", At: spec.Same}),
	Repeat: step(Repeat, false, "do the same steps several times",
		spec.Field{Key: "repeat", Kind: spec.Count, Label: "times", Max: MaxRepeat, Default: spec.Required, Live: true, Doc: "how often the steps are repeated",
			At: spec.At(func(s *Step) *int { return &s.Count }), By: stepBy},
		spec.Field{Key: "while", Kind: spec.Form, Form: "condition", Default: spec.Says("always"), Doc: "no further round is begun where this does not hold, the first one included",
			At: spec.At(func(s *Step) *Condition { return &s.While })},
		doField("the steps")),
	Delay: step(Delay, false, "wait for a time without the worker",
		spec.Field{Key: "delay", Kind: spec.TimeDist, Default: spec.Required, Live: true, Doc: "how long the step takes", At: stepTime, By: stepBy}),
	Reply: step(Reply, true, "answer now; the handler goes on", sized("reply", "bytes of the answer; the answer of a handler without this step, and an error, is 1kB"),
		spec.Field{Key: "set", Kind: spec.Form, Form: "sets", Default: spec.Says("nothing"),
			Doc: "what the answer carries: the message of whoever called has it from then on, and what it sends carries it too; as of a message",
			At:  spec.At(func(s *Step) *[]Assign { return &s.Sets })}),
	Fail: step(Fail, true, "the handler ends badly: an error as answer, or the message goes back",
		spec.Field{Key: "fail", Kind: spec.Share, Default: spec.Of(1), Live: true, Doc: "probability that the step fails the task",
			At: spec.At(func(s *Step) *float64 { return &s.Prob }), Has: spec.At(func(s *Step) *bool { return &s.HasProb })}),
	AckNow: step(AckNow, true, "acknowledge the delivery now; the handler goes on", spec.Field{Key: "ack", Kind: spec.Form, Form: "nothing", Default: spec.Required, Doc: nothingDoc}),
	Nack: step(Nack, true, "refuse the delivery; the handler ends",
		spec.Field{Key: "nack", Kind: spec.Word, Words: []string{"drop", "requeue"}, Default: spec.Written(1),
			Doc: "the message is dropped or dead-lettered, or goes back to its queue", At: spec.At(func(s *Step) *bool { return &s.Requeue })}),
	Read: step(Read, false, "access a store, whose latency it costs, and remember the version of the row", storeField("read", "a store of the service")),
	Set: step(Set, false, "write a row of a store",
		storeField("set", "a store of the service"),
		spec.Field{Key: "to", Kind: spec.Name, Default: spec.Says("as it is"), Doc: "the new state of the row", At: spec.At(func(s *Step) *string { return &s.State })},
		spec.Field{Key: "from", Kind: spec.Form, Form: "words", Default: spec.Says("any state"), Doc: "compare and set: it fails, as `error`, unless the row is in one of these states",
			At: spec.At(func(s *Step) *[]string { return &s.From })},
		spec.Field{Key: "unchanged", Kind: spec.YesNo, Default: spec.Of(0), Doc: "compare and set: it fails, as `error`, if the row was written since the last `read` of this handler",
			At: spec.At(func(s *Step) *bool { return &s.Fresh })},
		storeElse, degradedField),
	Count: step(Count, false, "add to a counter of a row of a store",
		spec.Field{Key: "count", Kind: spec.Form, Form: "counter", Default: spec.Required, Doc: "STORE.COUNTER", At: spec.Same},
		spec.Field{Key: "add", Path: spec.NoParam, Kind: spec.Number, Min: -1e9, Max: 1e9, Default: spec.Of(1), Doc: "what is added, rounded to a whole number; it may be below 0",
			At: spec.At(func(s *Step) *float64 { return &s.Add }), Has: spec.At(func(s *Step) *bool { return &s.HasAdd }), By: stepBy}),
	Forget: step(Forget, false, "remove a row of a store", storeField("forget", "a store of the service")),
	LockRow: step(LockRow, false, "take the lock of a row of a store, holding the worker while it waits, first come first served; who has it already goes on at once",
		storeField("lock", "a store of the service"),
		spec.Field{Key: "patience", Kind: spec.Duration, None: true, Default: spec.Of(DefaultTimeout.Seconds()), Doc: "how long it waits before it fails as `no_capacity`; 0: not at all",
			At: spec.At(func(s *Step) *time.Duration { return &s.Patience }), Zero: spec.At(func(s *Step) *bool { return &s.NoWait })},
		spec.Field{Key: "for", Kind: spec.Word, Words: []string{"handler", "operation"}, Default: spec.Of(0),
			Doc: "who holds it: the handler, until its end or `unlock`; or the operation, until some handler of it says `unlock`, as in the prepare of a two-phase commit",
			At:  spec.At(func(s *Step) *bool { return &s.Keep })},
		storeElse, degradedField),
	Unlock: step(Unlock, false, "give the lock of a row back", storeField("unlock", "a store of the service")),
	Stop:   step(Stop, true, "the handler ends well here", spec.Field{Key: "stop", Kind: spec.Form, Form: "nothing", Default: spec.Required, Doc: nothingDoc}),
}

const nothingDoc = "without a value: for a step with a name"

var (
	storeField = func(key, doc string) spec.Field {
		return spec.Field{Key: key, Kind: spec.Name, Default: spec.Required, Doc: doc, At: spec.At(func(s *Step) *string { return &s.Store })}
	}
	storeElse = spec.Field{Of: "step", Key: "else", Kind: spec.Form, Form: "steps", Default: spec.Says("the handler fails"), Doc: "steps done if it fails, instead of failing", At: elseField.At, Has: elseField.Has}
)

// step is a kind of step; its first field stands for the step itself.
func step(op StepOp, bare bool, doc string, fields ...spec.Field) StepTable {
	fields[0].Path = spec.Self
	fields = append(fields, nameField, whenField)
	return StepTable{op, bare, spec.New(spec.Table{Name: fields[0].Key + " step", Doc: doc, Fields: fields})}
}

func to(key, doc string) spec.Field {
	return spec.Field{Key: key, Kind: spec.Target, Default: spec.Required, Doc: doc, At: spec.At(func(s *Step) *Target { return &s.To })}
}

func sized(key, doc string) spec.Field {
	return spec.Field{Of: "step", Key: key, Kind: spec.SizeDist, Default: spec.Of(DefaultSize), Live: true, Doc: doc,
		At: spec.At(func(s *Step) *draw.Dist { return &s.Size }), Has: spec.At(func(s *Step) *bool { return &s.HasSize }), By: stepBy}
}

var whenField = spec.Field{Of: "step", Key: "when", Kind: spec.Form, Form: "condition", Default: spec.Says("always"), Doc: "the step is left out where this does not hold, for example `kind == buy and amount > 100`",
	At: spec.At(func(s *Step) *Condition { return &s.When })}

var stepBy = spec.At(func(s *Step) *string { return &s.By })

var (
	nameField = spec.Field{Of: "step", Key: "name", Kind: spec.Name, Default: spec.Says("its kind and target"),
		Doc: "its name in paths, metrics and diagrams; no two steps of a handler have the same", At: spec.At(func(s *Step) *string { return &s.Name })}
	stepTime     = spec.At(func(s *Step) *draw.Dist { return &s.Dist })
	timeoutField = spec.Field{Of: "step", Key: "timeout", Kind: spec.Duration, Rank: 15, None: true, NotZero: true, Default: spec.Of(DefaultTimeout.Seconds()), Live: true,
		Doc: "how long to wait for the answer", At: spec.At(func(s *Step) *time.Duration { return &s.Timeout })}
	retryField = spec.Field{Of: "step", Key: "retry", Kind: spec.Part, Inner: retryTable, Default: spec.Says("one attempt"), Doc: "what is done when an attempt fails",
		At: spec.At(func(s *Step) *Retry { return &s.Retry })}
	lateField = spec.Field{Of: "step", Key: "late_replies", Kind: spec.Word, Words: []string{"ignore", "count"}, Default: spec.Of(0),
		Doc: "what an answer to an attempt already given up is worth while another attempt is out or waits for its back-off", At: spec.At(func(s *Step) *bool { return &s.Late })}
	cancelField = spec.Field{Of: "step", Key: "cancel", Kind: spec.YesNo, Default: spec.Of(0), Doc: "a timeout, or the end of a `parallel` step that does not need it any more, also cuts the work it gave up on",
		At: spec.At(func(s *Step) *bool { return &s.Cancel })}
	sizeField = sized("size", "bytes of the message")
	setField  = spec.Field{Of: "step", Key: "set", Kind: spec.Form, Form: "sets", Default: spec.Says("nothing"),
		Doc: "what the message carries on top of the attributes of its operation, `{kind: refund}`, or copied from another attribute, `{payer: {from: customer}}`, or from the number of messages of a batch, `{rows: {from: batch}}`; all that follows from the message carries it too, until another step sets it again",
		At:  spec.At(func(s *Step) *[]Assign { return &s.Sets })}
	traceField = spec.Field{Of: "step", Key: "trace", Kind: spec.YesNo, Default: spec.Of(1),
		Doc: "the message carries the trace of its operation; with `false` it does not, and whoever receives it begins another: see `asynclab trace`",
		At:  spec.Not(func(s *Step) *bool { return &s.Untraced })}
	elseField = spec.Field{Of: "step", Key: "else", Kind: spec.Form, Form: "steps", Default: spec.Says("the handler fails"), Doc: "steps done if it fails, instead of failing",
		At: spec.At(func(s *Step) *[]Step { return &s.Else }), Has: spec.At(func(s *Step) *bool { return &s.HasElse })}
	degradedField = spec.Field{Of: "step", Key: "degraded", Kind: spec.YesNo, Default: spec.Of(1),
		Doc: "an operation for which `else` was done is degraded and no goodput; `false` where nobody needs the step, or `else` is as good",
		At:  spec.Not(func(s *Step) *bool { return &s.Harmless })}
)

// doField is the only branch of a step.
func doField(doc string) spec.Field {
	return spec.Field{Key: "do", Path: spec.Self, Kind: spec.Form, Form: "steps", Default: spec.Required, Doc: doc,
		At: spec.At(func(s *Step) *[]Step {
			if len(s.Branches) == 0 {
				s.Branches = make([][]Step, 1)
			}
			return &s.Branches[0]
		})}
}

var copiesTable = spec.New(spec.Table{
	Name: "copied branch", Doc: "the same branch several times at once",
	Fields: []spec.Field{
		{Key: "times", Kind: spec.Count, Label: "copies", Min: 1, Max: MaxBranches, Default: spec.Default{Value: 1, Given: true, Required: true},
			Doc: "copies of the branch that run at once",
			At:  spec.At(func(s *Step) *int { return &s.Times }), Where: spec.When(func(s *Step) bool { return len(s.Branches) == 1 })},
		doField("the steps of the branch"),
	},
})

// Choice is a branch of a choose step, and its probability or its condition.
type Choice struct {
	Weight *float64
	When   *Condition
	Do     *[]Step
}

// Choice is the i-th branch.
func (s *Step) Choice(i int) *Choice {
	c := &Choice{Do: &s.Branches[i]}
	if i < len(s.Weights) {
		c.Weight = &s.Weights[i]
	}
	if i < len(s.Whens) {
		c.When = &s.Whens[i]
	}
	return c
}

var choiceTable = spec.New(spec.Table{
	Name: "choice", Doc: "a branch, and its probability or its condition",
	Fields: []spec.Field{
		{Key: "p", Path: "weight", Kind: spec.Share, Default: spec.Says("the rest"), Live: true, Doc: "probability of this branch",
			At: spec.At(func(c *Choice) *float64 { return c.Weight }), Where: spec.When(func(c *Choice) bool { return c.Weight != nil })},
		{Key: "when", Kind: spec.Form, Form: "condition", Default: spec.Says("the rest"), Doc: "this branch is done where this holds and no condition of a branch before it does",
			At: spec.At(func(c *Choice) *Condition { return c.When })},
		{Key: "do", Path: spec.Self, Kind: spec.Form, Form: "steps", Default: spec.Required, Doc: "its steps",
			At: spec.At(func(c *Choice) *[]Step { return c.Do })},
	},
})

package scenarios

// The parts of the reference page that are not tables.

const referenceIntro = `# The scenario language

<!-- written by go test ./scenarios -run TestReference -update; do not edit -->

A scenario is a YAML file: designs of one system, the load on them, what goes wrong, and what is expected of the
results. ` + "`asynclab validate FILE`" + ` checks one, ` + "`asynclab new`" + ` makes one to start from, and ` + "`asynclab schema`" + ` prints a JSON
Schema that gives editors completion.

` + "```yaml" + `
version: 1
name: two-ways
title: A call against a message
run: {duration: 10min, warmup: 1min, seed: 7}

load:                       # shared by all designs, as everything at the top level
  shoppers: {to: shop/order, arrivals: poisson(50/s), deadline: 2s}

services:
  pay: {workers: 16, on: {charge: [work: exp(20ms), reply]}}

links:
  default: {latency: 1ms}
  shop -> pay: {latency: "normal(20ms, 5ms)", loss: 0.1%}

designs:
  chain:
    services:
      shop: {workers: 64, on: {order: [work: exp(2ms), call: pay/charge, reply]}}
  broker:
    services:
      shop: {workers: 64, on: {order: [work: exp(2ms), publish: bus/orders, reply]}}
      pay: {consumes: {bus/orders: charge}}     # adds to the shared pay
    brokers:
      bus: {queues: {orders: {durable: true}}}

faults:
  - {at: 2min, for: 30s, crash: pay}

expect:
  - "broker: load.shoppers.completed.ratio >= 99%"
` + "```" + `

## What designs share

What stands at the top level under ` + "`load`, `services`, `brokers` and `links`" + ` is shared by all designs. A design is laid over it:
mappings are joined key by key, a list or a value takes the place of the shared one, and ` + "`null`" + ` takes it away. So a design
changes the one key it is about: ` + "`services: {pay: {workers: 8}}`" + `. A file without ` + "`designs`" + ` has one design, of what is
shared, named after the scenario.

Shared ` + "`faults`" + ` happen in every design, as far as it has what they name: a design without a broker is spared the
broker's crash. A name that no design has is a mistake. The faults of a design come on top.

## In brackets and braces

YAML ends a value at a comma inside ` + "`[…]` and `{…}`" + `: there, write a distribution with a comma in quotes,
` + "`[work: \"lognormal(10ms, p99=80ms)\"]`" + `. One with a single argument, ` + "`[work: exp(5ms)]`" + `, needs none, and neither does any on a line
of its own. The same holds for values with brackets in them. Anchors, aliases, merge keys and tags of YAML are not part
of the language, nor are several documents in one file.
`

const referenceDistributions = `A time that varies is written as a distribution. Arguments are times here; where a size is expected they are sizes.
Samples are never negative. m is the mean, z the standard normal quantile of the percentile that is given (any from p51
up may stand for p99).
`

const referenceSteps = `A handler is a list of steps. A step is a word (` + "`reply`" + `), a key with a value (` + "`work: exp(5ms)`" + `), or a mapping with
options (` + "`{call: pay/charge, timeout: 1s}`" + `). The end of a handler answers and acknowledges by itself, unless it did so
before. A worker is taken by the first step that needs one (` + "`work`, `call`" + `) and held to the end; ` + "`await` and `delay`" + ` give it
back.
`

const referenceEnd = `
## Changes by hand

What a person does while a design runs, in the window, is recorded under ` + "`changes`" + ` when the run is saved, and may be written
by hand as well. It takes effect again in every run, in every replication, at the very nanosecond and before anything else
that happens then: a saved run is the run that was seen.

` + "```yaml" + `
changes:
  - {at: 2min, design: chain, set: service.pay.workers, to: 12}
  - {at: 3min, inject: crash pay}           # every design that has pay
  - {at: 3min20s, inject: slow shop factor=5 for=30s}
  - {at: 4min, heal: crash-pay}
` + "```" + `

An injected fault is called by what it does, or by its ` + "`name=`" + `; if there is one of that name already, the next is called
` + "`crash-pay-2`" + `. When the first is over and the same words inject it again, it has its old name. A fault of the scenario that is
healed before its time ends as it would have ended by itself: with ` + "`every` or `period`" + ` it happens again. To heal what is not
active changes nothing. There may be 5000 changes.

## Expectations

One line each: ` + "`DESIGN: METRIC OP EXPRESSION`" + `, in quotes because of the colon. ` + "`asynclab metrics`" + ` lists the metrics. An expression
may use numbers with units, metrics of other designs (` + "`chain.load.shoppers.failed`" + `), arithmetic, ` + "`within 2% of X`" + `, ` + "`between A\nand B`" + `, and a window (` + "`in 2min..3min`" + `), which is
widened to whole intervals of the series (240 of them in a run). A percentile over a window is within 3.2 % of the exact one,
over the whole run within 0.4 %.

## Data files

` + "`trace(\"arrivals.csv\")` and `empirical(\"times.csv\")`" + ` read a file in the scenario's folder or below it, nowhere else. It has one
number a line, with its unit or in seconds; comments begin with #. At most 16 MiB a file and five million numbers in
all.

## Limits

Files are read with limits, because they may come from anyone: 1 MiB of text, nested 64 deep, 64 designs, and the
bounds that the tables name. What is over a limit is a mistake with its position, like any other.
`

// Package all is the list of mechanisms that the programs know. Parser, reference and
// window get it as a value, so that a test can pass a longer one; a design carries the
// mechanisms that it uses to the compiler.
package all

import (
	"asynclab/sim/mech"
	"asynclab/sim/mech/breaker"
	"asynclab/sim/mech/budget"
	"asynclab/sim/mech/bulkhead"
	"asynclab/sim/mech/cache"
	"asynclab/sim/mech/concurrency"
	"asynclab/sim/mech/failover"
	"asynclab/sim/mech/health"
	"asynclab/sim/mech/hedge"
	"asynclab/sim/mech/limit"
	"asynclab/sim/mech/maxmessage"
	"asynclab/sim/mech/scale"
	"asynclab/sim/mech/shed"
)

// Mechanisms is the list. Its order decides nothing.
var Mechanisms = mech.List{breaker.Mechanism, limit.Mechanism, bulkhead.Mechanism, cache.Mechanism, budget.Mechanism, hedge.Mechanism, shed.Mechanism, concurrency.Mechanism, health.Mechanism, scale.Mechanism, failover.Mechanism, maxmessage.Mechanism}

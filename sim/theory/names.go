package theory

import "asynclab/sim/metric"

// The metrics of which theory knows something.
var (
	acceptedLatency  = metric.Load.Metric(metric.LoadAcceptedLatency)
	confirmedLatency = metric.Load.Metric(metric.LoadConfirmedLatency)
	throughput       = metric.Load.Metric(metric.LoadThroughput)

	utilization = metric.Service.Metric(metric.ServiceUtilization)
	busy        = metric.Service.Metric(metric.ServiceBusy)
	wait        = metric.Service.Metric(metric.ServiceWait) // that of a queue is called so too
	waiting     = metric.Service.Metric(metric.ServiceWaiting)
	rejected    = metric.Service.Metric(metric.ServiceRejected)
	sojourn     = metric.Service.Metric(metric.ServiceSojourn)

	depth = metric.Queue.Metric(metric.QueueDepth)
)

// stat is the name of a statistic of an element, such as service.pay.
func stat(element string, m *metric.Metric, s metric.Stat) string {
	return element + "." + metric.Ref{Metric: m, Stat: s}.Short()
}

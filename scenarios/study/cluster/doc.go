// Package cluster runs the jobs of a study on many machines, over a NATS server with
// JetStream.
//
//	                      asynclab-jobs (work queue)
//	Remote ── job ──────►  asynclab.job.VERSION.SCENARIO.JOB.COPY  ──────► Worker ──► study.Local
//	  ▲                    asynclab (object store): scenarios        ──────►   │
//	  │                    asynclab-results                                    │
//	  └── result ────────  asynclab.result.VERSION.SCENARIO.JOB.COPY  ◄─────── ┘ result, then ack
//
// Results are the bits that study.Local gives, whatever dies:
//
//   - A job is named by its hash, which is also its message id, and the stream holds
//     one of a name: asking twice does no harm. Results are named alike.
//   - A worker acknowledges a job when its result is stored, and says every few
//     seconds that it goes on. After ackWait without a sign another worker gets the
//     job; if both come to the end, they have the same result.
//   - A job that was given out maxDeliveries times without a result gets one that says
//     so. The others go on.
//   - A coordinator that is started again takes what is stored. While the server is
//     away everybody waits for it; after silence the coordinator asks the server
//     where its jobs are, and gives out again what the server has lost.
//   - One job in a hundred runs twice, and different results are an error.
//   - Only programs of the same version (study.Build) see each other's jobs.
//
// A job is untrusted at the worker: it opens no file, its size is bounded, and the
// limits of scenario files hold.
//
// # How to choose
//
//	this process is enough                 study.Local: nothing is sent anywhere
//	workers on other machines              Dial, Remote; asynclab worker there
//	what Remote does, without a server     Embedded
package cluster

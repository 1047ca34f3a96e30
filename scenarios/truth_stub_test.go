package scenarios_test

var truthRetries, truthStorms, truthQueued, truthLinks, truthDeterministic, truthOrder, truthTransactions, truthPeers []truthCase

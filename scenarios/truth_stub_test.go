package scenarios_test

var truthAvailability, truthTails, truthRetries, truthStorms, truthQueued, truthLinks, truthDeterministic, truthOrder, truthTransactions, truthPeers []truthCase

package scenarios_test

var truthQueued, truthLinks, truthDeterministic, truthOrder, truthTransactions, truthPeers []truthCase

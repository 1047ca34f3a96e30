package scenarios_test

var truthNetworks, truthDisciplines, truthTransients, truthAvailability, truthTails, truthRetries, truthStorms, truthQueued, truthLinks, truthDeterministic, truthOrder, truthTransactions, truthPeers []truthCase

package scenarios_test

// twinsOfEffects are of scenarios about loads, lines and retries.
var twinsOfEffects = []libraryTwin{}

package scenarios_test

// twinsOfFaults are of scenarios about links and crashes.
var twinsOfFaults = []libraryTwin{}

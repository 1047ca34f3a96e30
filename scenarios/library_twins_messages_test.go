package scenarios_test

// twinsOfMessages are of scenarios about queues, topics and brokers.
var twinsOfMessages = []libraryTwin{}

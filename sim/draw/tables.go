package draw

type logEntry struct{ inv, hi, lo float64 }

type expEntry struct{ hi, lo float64 }

type binadeEntry struct{ down, hi, lo float64 }

// The tables are in values.go, which a test computes; made when the program starts,
// they would take a millisecond of every run.
//
// logTable[j] is a number of 10 bits near 1/(1+j/128) and minus its logarithm as a sum, hi a multiple of 2^-42.
// expTable[j] is 2^(j/64) as a sum.
// binadeTable[e&63] is of the whole numbers from 2^n below 2^(n+1), n = 0 to 52, e the exponent field of such a number:
// 2^-n, and the parts of (53-n)·log 2.

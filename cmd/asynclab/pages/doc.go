// Package pages makes the system give the program the memory of its start at once.
//
//	import ──► init, before that of packages that allocate
//	             │
//	             └► the piece of 4 MB by which the heap begins: resident by one call,
//	                not by a page fault for each 4 kB of it that is touched
//
// A short run touches three quarters of that piece, and most of what its start took was
// those faults. Go initialises a package once what it imports is initialised, in the
// order of the paths: this one imports package syscall only.
//
// # How to choose
//
// A program that should start fast imports it for its effect alone. Where the system has
// no such call, nothing happens.
package pages

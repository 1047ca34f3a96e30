// Package files reads and writes the files that a person names: it opens nothing
// but plain files as data, and it replaces nothing but plain files.
//
//	Open, OpenPath   a plain file; a pipe, which would wait for ever, or a device is an error
//	Sub              a folder of a file system, in which Open does not block either
//	Write            a file as a whole or not at all; links are followed, the mode is
//	                 kept, a pipe or a device is written directly
//	Sweep            removes temporary files of Writes in programs that were killed
package files

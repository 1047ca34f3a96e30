// Package lessons reads lessons, checks that they say what the engine shows, and
// leads a student through them. The format is described in FORMAT.md.
//
//	folder of a lesson ──► goldmark ──► steps, blocks, spans ──► Lesson, one for each language
//	  en.md, zh-Hans.md,       └─ YAML blocks: setup, claims, predict …     │
//	  scenarios, pictures                                                   │
//	                        ┌───────────────────────────────────────────────┤
//	                        ▼                                               ▼
//	     Check: every run that a claim, an answer          Player: what is seen, what is next ◄── Evidence
//	     or a task needs, once; then the judgement            │     of the student's own run
//	                        │                                 ▼
//	                   Diagnostics                        Progress ──► Store: a file that survives kill -9
//
// # How to choose
//
//	the lessons that come with the program       Library
//	a lecturer's lessons, from disk              Open
//	what is wrong with them                      Folder.Mistakes; with runs: Check
//	the state of the lab for a step              Step.Setup, Lesson.Designs, Lesson.Config
//	a student at work                            NewPlayer, with Progress.Of
//	where progress is kept                       OpenStore; the caller says where
//	a word that a text explains                  Glossary
//	a lesson to start from                       Template
//
// Nothing here has a clock: times are given. Nothing draws: a Block says what
// there is to draw, and the window and the terminal do it in their own ways.
//
// Files are untrusted. Their size, nesting and numbers of parts have limits, HTML
// is refused, and pictures and scenarios are read through os.Root, so that
// nothing outside of the folder is ever opened. FuzzLesson holds that no text
// makes the reader panic.
package lessons

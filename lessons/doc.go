// Package lessons reads lessons, checks every number in them against the engine,
// and leads a student through them. The format is described in FORMAT.md.
//
//	a lesson's folder: en.md, zh-Hans.md, scenarios, pictures
//	      │  library.go opens it; read.go, markdown.go, text.go, yaml.go read it
//	      ▼
//	blocks: setup.go, claim.go, real.go, and the kinds of activities
//	      │  (predict.go, question.go, trial.go, task.go; keys in tables, field.go)
//	      ▼
//	Lesson, one for each language, and its Mistakes
//	      │                                         │
//	      ▼                                         ▼
//	Check (check.go) asks for the runs        Player (player.go) knows what is shown and
//	that claims and activities need:          allowed next; the student's own run is its
//	internal/runs makes each once             Evidence (evidence.go)
//	      │                                         │
//	      ▼                                         ▼
//	Report: Mistakes, Unmet                   Progress (progress.go), kept by a Store
//
// Each part depends only on those above it. internal/numeral reads the numbers in
// texts.
//
// # How to choose
//
//	the lessons that come with the program       Library
//	a lecturer's lessons, from disk or a zip     Open
//	what is wrong with them                      Folder.Mistakes; with runs: Check
//	the state of the lab for a step              Step.Setup, Lesson.Designs, Lesson.Config
//	a student at work                            NewPlayer, with Progress.Of
//	what a class has answered                    ReadClass, Class
//	a lecturer in front of a class               Player.Lead
//	where progress is kept                       OpenStore; the caller gives the path
//	a word that a text explains                  Glossary
//	a lesson to start from                       Template, in one of the Rhythms
//	a solved task that is handed in              Progress.Certificate; Certificate.Verify
//	a design of a student's own                  Designed
//	a new kind of activity                       an ActivityKind in a file of its own and in Activities;
//	                                             its card in a file of its own in ui/learn, with its title in
//	                                             every language; its texts in FORMAT.md, the tables by test -update
//
// The package reads no clock: times are parameters. It draws nothing: the window and
// the terminal draw a Block.
//
// Files are untrusted. Their size, nesting and number of parts have limits, HTML
// is refused, and pictures and scenarios are read through os.Root, so that
// nothing outside of the folder is opened. Nothing of a zip file is unpacked to
// disk. FuzzLesson and FuzzZip check that nothing makes the readers panic.
package lessons

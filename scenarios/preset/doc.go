// Package preset has the settings that known systems have by default, as data: what
// their documentation says, value by value, in the words of the scenario language.
//
//	files/rabbitmq.yaml ──► Product ── versions
//	                           └── Part (quorum) ── fits: queue
//	                                  ├── Value (max_deliveries: 21) ── what it means, its page
//	                                  └── Fact: documented, without a word in the language
//	                           │
//	use: rabbitmq-4.2/quorum ──► Find ──► Preset ──► settings laid under those of the element
//
// A preset sets general knobs: neither the engine nor the language knows a product. A
// value has a page, or is named as an assumption.
//
// # How to choose
//
//	every product, to list them            All
//	the preset that a person named         Find
//	its settings, to merge with others     Preset.Settings
//	what each means, and its page          Preset.Values
//
// The files are embedded and read at the first use; a test reads every value with the
// parser of the language, so that a file that does not fit it cannot be built in.
package preset

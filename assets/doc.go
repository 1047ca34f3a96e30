// Package assets holds what the window shows and did not compute: fonts, icons
// and translations, embedded.
//
//	fonts/         ──► RegularFont, BoldFont, MonoFont ──► ui/look (theme), plots
//	icons/         ──► Icon, AppIcon, Icons            ──► ui/look: buttons, the rail, the window
//	translations/  ──► Translations                    ──► ui/locale
//
// It hands out bytes and knows nothing of a toolkit.
//
// # How to choose
//
// Icons that Fyne's theme has come from there; those it lacks are here. The texts
// of the window are here in every language, by id. What is declared elsewhere (a
// metric, a parameter, a scenario) has its English there and the other languages
// here.
package assets

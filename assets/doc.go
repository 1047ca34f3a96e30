// Package assets holds what the window shows and did not compute: fonts, icons
// and translations, embedded.
//
//	fonts/         ──► RegularFont, BoldFont, MonoFont ──► ui/look (theme), plots
//	icons/         ──► Icon, AppIcon                   ──► buttons, the rail, the window
//	translations/  ──► Translations                    ──► ui/locale
//
// # How to choose
//
// Icons that Fyne's theme has come from there; those it lacks are here. A text
// is never here by itself: it stands in English where it is used, and only its
// translation is kept here.
package assets

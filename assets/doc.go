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
// Icons that Fyne's theme has come from there; those it lacks are here. A text
// is never here by itself: it stands in English where it is used, and only its
// translation is kept here.
package assets

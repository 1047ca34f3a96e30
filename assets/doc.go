// Package assets embeds the static files of the window: fonts, icons and
// translations.
//
//	fonts/         ──► RegularFont, BoldFont, MonoFont ──► ui/look (theme), plots
//	icons/         ──► Icon, AppIcon, Icons            ──► ui/look: buttons, the rail, the window
//	translations/  ──► Translations                    ──► ui/locale
//
// It returns bytes and does not depend on a UI toolkit.
//
// # How to choose
//
// Use the icons of Fyne's theme where it has them; add only the others here. The
// texts of the window are here in every language, by id. Declarations in other
// packages (metrics, parameters, scenarios) have their English text there and its
// translations here.
package assets

package assets

import (
	"embed"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The fonts, in OpenType form: Noto Sans CJK SC, cut down to what
// fonts/README.md lists.
var (
	//go:embed fonts/NotoSansSC-Regular.otf
	regular []byte
	//go:embed fonts/NotoSansSC-Bold.otf
	bold []byte
	//go:embed fonts/NotoSansMonoSC-Regular.otf
	mono []byte

	//go:embed icons
	icons embed.FS

	// Translations holds a folder for each language but English, named by its
	// tag, with JSON files from English to translated text.
	//
	//go:embed translations
	Translations embed.FS
)

var (
	regularFont = fyne.NewStaticResource("NotoSansSC-Regular.otf", regular)
	boldFont    = fyne.NewStaticResource("NotoSansSC-Bold.otf", bold)
	monoFont    = fyne.NewStaticResource("NotoSansMonoSC-Regular.otf", mono)
)

// RegularFont is the font of all text.
func RegularFont() fyne.Resource { return regularFont }

// BoldFont is the font of what stands out.
func BoldFont() fyne.Resource { return boldFont }

// MonoFont is the font of code and logs: Latin characters have half the width of
// Chinese ones.
func MonoFont() fyne.Resource { return monoFont }

// Icon is a picture of an action or a place by the name of its file, in the
// foreground colour of the theme. A name without a file is a mistake of the
// program, and panics.
func Icon(name string) fyne.Resource {
	return theme.NewThemedResource(file("icons/" + name + ".svg"))
}

// AppIcon is the picture of the program.
func AppIcon() fyne.Resource { return file("icons/app/asynclab.png") }

func file(path string) *fyne.StaticResource {
	data, err := icons.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("assets: no such picture: %v", err))
	}
	return fyne.NewStaticResource(path, data)
}

package assets

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// The fonts, as OpenType: Noto Sans CJK SC, reduced to the characters that
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

	// Translations holds a folder for each language, named by its tag, with JSON
	// files of texts by id.
	//
	//go:embed translations
	Translations embed.FS
)

// RegularFont is the font of all text.
func RegularFont() []byte { return regular }

// BoldFont is the font of emphasised text.
func BoldFont() []byte { return bold }

// MonoFont is the font of code and logs: Latin characters have half the width of
// Chinese ones.
func MonoFont() []byte { return mono }

// Icon returns an icon by the name of its file without extension, as SVG. It panics
// if there is no such file: names are fixed in the program.
func Icon(name string) []byte { return file("icons/" + name + ".svg") }

// AppIcon is the icon of the program, as PNG.
func AppIcon() []byte { return file("icons/app/asynclab.png") }

// Icons returns the names of all icons.
func Icons() (names []string) {
	files, err := fs.Glob(icons, "icons/*.svg")
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err)) // Glob fails only on a malformed pattern
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".svg"))
	}
	return names
}

func file(name string) []byte {
	data, err := icons.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("assets: no such picture: %v", err))
	}
	return data
}

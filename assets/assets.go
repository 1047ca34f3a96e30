package assets

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
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

	// Translations holds a folder for each language, named by its tag, with JSON
	// files of texts by id.
	//
	//go:embed translations
	Translations embed.FS
)

// RegularFont is the font of all text.
func RegularFont() []byte { return regular }

// BoldFont is the font of what stands out.
func BoldFont() []byte { return bold }

// MonoFont is the font of code and logs: Latin characters have half the width of
// Chinese ones.
func MonoFont() []byte { return mono }

// Icon is a picture of an action or a place by the name of its file, as SVG. A
// name without a file is a mistake of the program, and panics.
func Icon(name string) []byte { return file("icons/" + name + ".svg") }

// AppIcon is the picture of the program, as PNG.
func AppIcon() []byte { return file("icons/app/asynclab.png") }

// Icons are the names of all icons.
func Icons() (names []string) {
	files, err := fs.Glob(icons, "icons/*.svg")
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err)) // the pattern is good
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

package palette

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"asynclab/assets"
)

// The bundled fonts, as Fyne resources.
var (
	regularFont = fyne.NewStaticResource("NotoSansSC-Regular.otf", assets.RegularFont())
	boldFont    = fyne.NewStaticResource("NotoSansSC-Bold.otf", assets.BoldFont())
	monoFont    = fyne.NewStaticResource("NotoSansMonoSC-Regular.otf", assets.MonoFont())
)

// Icon is an icon of assets in the foreground colour of the theme.
func Icon(name string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource("icons/"+name+".svg", assets.Icon(name)))
}

// AppIcon is the picture of the program.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("asynclab.png", assets.AppIcon()) }

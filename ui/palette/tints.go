package palette

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// tint is a colour in both variants.
type tint struct{ light, dark color.NRGBA }

func (t tint) in(v fyne.ThemeVariant) color.NRGBA {
	if v == theme.VariantLight {
		return t.light
	}
	return t.dark
}

// solid and veil make a tint of two 0xRRGGBB; a veil is translucent.
func solid(light, dark uint32) tint { return veil(light, 0xff, dark, 0xff) }

func veil(light uint32, lightAlpha uint8, dark uint32, darkAlpha uint8) tint {
	return tint{rgba(light, lightAlpha), rgba(dark, darkAlpha)}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

// tints are all colours of the lab. Surfaces are calm greys, so that colour
// always has a meaning. Colours with a meaning started from the hues of Okabe
// and Ito, and were adjusted until they stand out from their surface and people
// with any kind of colour vision can distinguish neighbours; the tests measure
// both.
var tints = map[fyne.ThemeColorName]tint{
	// Surfaces.
	theme.ColorNameBackground:          solid(0xf4f6f8, 0x14181d),
	theme.ColorNameHeaderBackground:    solid(0xe9edf1, 0x1b2027),
	theme.ColorNameMenuBackground:      solid(0xffffff, 0x222931),
	theme.ColorNameOverlayBackground:   solid(0xffffff, 0x1e242b),
	theme.ColorNameInputBackground:     solid(0xe7ecf1, 0x29313b),
	theme.ColorNameInputBorder:         solid(0x76828f, 0x788492),
	theme.ColorNameSeparator:           solid(0xd3d9e0, 0x323a44),
	theme.ColorNameScrollBar:           veil(0x2b3642, 0x66, 0xc9d3de, 0x66),
	theme.ColorNameScrollBarBackground: veil(0x2b3642, 0x10, 0xc9d3de, 0x10),
	theme.ColorNameShadow:              veil(0x1b2530, 0x2c, 0x000000, 0x80),

	theme.ColorNameInnerWindowBorder:         solid(0xdfe5eb, 0x2b323b),
	theme.ColorNameInnerWindowBorderInactive: solid(0xe9edf1, 0x1b2027),

	// Text. Fyne sets details (LowImportance) in the colour of disabled
	// widgets.
	theme.ColorNameForeground:  solid(0x1a222b, 0xe4e9ef),
	theme.ColorNamePlaceHolder: solid(0x53606d, 0xa0abb8),
	theme.ColorNameDisabled:    solid(0x5f6a76, 0x97a2ae),
	theme.ColorNameHyperlink:   solid(0x1b5fa3, 0x7cb9f5),

	// Controls.
	theme.ColorNameButton:              solid(0xe2e7ed, 0x2a313a),
	theme.ColorNameDisabledButton:      solid(0xeceff3, 0x20262d),
	theme.ColorNameHover:               veil(0x1b2530, 0x14, 0xffffff, 0x16),
	theme.ColorNamePressed:             veil(0x1b2530, 0x2c, 0xffffff, 0x30),
	theme.ColorNameFocus:               veil(0x1b5fa3, 0x4c, 0x7cb9f5, 0x55),
	theme.ColorNameSelection:           veil(0x1b5fa3, 0x30, 0x7cb9f5, 0x3c),
	theme.ColorNamePrimary:             solid(0x1b5fa3, 0x7cb9f5),
	theme.ColorNameForegroundOnPrimary: solid(0xffffff, 0x0d1a27),
	theme.ColorNameError:               solid(0xb3261e, 0xff9187),
	theme.ColorNameForegroundOnError:   solid(0xffffff, 0x2b0a07),
	theme.ColorNameSuccess:             solid(0x17704b, 0x63cf9f),
	theme.ColorNameForegroundOnSuccess: solid(0xffffff, 0x06231a),
	theme.ColorNameWarning:             solid(0x8a5600, 0xf0b445),
	theme.ColorNameForegroundOnWarning: solid(0xffffff, 0x2a1b00),

	// The stage and its contents.
	ColorStage:            solid(0xfbfcfd, 0x171b21),
	ColorLabel:            solid(0x1a222b, 0xe9edf2),
	ColorMuted:            solid(0x53606d, 0xa3aebb),
	ColorEdge:             solid(0x7b8896, 0x768393),
	ColorDeadEdge:         solid(0xa8716b, 0x9a6a66),
	ColorSelection:        solid(0x1b5fa3, 0x7cb9f5),
	ColorFollowed:         solid(0xd0006f, 0xff7ac1),
	ColorClientFill:       solid(0xe3eefa, 0x1c2f45),
	ColorClientEdge:       solid(0x2b6cb0, 0x6fb1f5),
	ColorServiceFill:      solid(0xffffff, 0x252c35),
	ColorServiceEdge:      solid(0x57697c, 0x9fb0c3),
	ColorBrokerFill:       solid(0xfdf0da, 0x33280f),
	ColorBrokerEdge:       solid(0xa86400, 0xe0a33e),
	ColorQueueFill:        solid(0xfff9ee, 0x292315),
	ColorQueueEdge:        solid(0xa86400, 0xe0a33e),
	ColorTopicFill:        solid(0xf4e9f7, 0x32223a),
	ColorTopicEdge:        solid(0x8a4699, 0xcb90da),
	ColorSubscriptionFill: solid(0xfbf6fc, 0x281f2d),
	ColorSubscriptionEdge: solid(0x8a4699, 0xcb90da),

	// Messages.
	ColorRequest:     solid(0x0a62cf, 0x2f93f7),
	ColorReply:       solid(0x089e78, 0x0ab88c),
	ColorFailedReply: solid(0xd8301c, 0xf4741c),
	ColorEvent:       solid(0x9a1680, 0xc583be),
	ColorAck:         solid(0x7896a4, 0x74d6f5),
	ColorNack:        solid(0x710f1a, 0xd4545a),
	ColorRetry:       solid(0xd07a00, 0xffbc2a),
	ColorDuplicate:   solid(0x687617, 0xe5f27c),
	ColorDeadLetter:  solid(0x14212b, 0xf4f2f7),
	ColorCancel:      solid(0x907884, 0x7d6470),

	// Losses and failures.
	ColorLostSpark:     solid(0xb00016, 0xff5d3a),
	ColorRejectedSpark: solid(0xab7900, 0xffcc24),
	ColorFailedSpark:   solid(0x9b4dc6, 0xd07cc0),
	ColorDeadSpark:     solid(0x1f2724, 0xc8e4f7),

	// Health, from good to bad.
	ColorUp:      solid(0x00937a, 0x0ee0b0),
	ColorSlow:    solid(0xab7e00, 0xffd81a),
	ColorFailing: solid(0xb345c8, 0xd97cdc),
	ColorStopped: solid(0x3a5d78, 0xb1c4dc),
	ColorPartly:  solid(0xbe3a00, 0xff8a1c),
	ColorDown:    solid(0x8c0a2c, 0xfa3c5c),

	// Bars and cells.
	ColorIdle:    solid(0xdde3e9, 0x3a434e),
	ColorBusy:    solid(0x1a6fd0, 0x3a98f5),
	ColorBlocked: solid(0xd2600f, 0xf3701a),
	ColorWaiting: solid(0x665800, 0xf7e866),
	ColorUnacked: solid(0x981a78, 0xeaa7c7),

	// Curves, in the order of assignment.
	ColorCurve1: solid(0x0c5bb1, 0x1893f5),
	ColorCurve2: solid(0xba2500, 0xee6a08),
	ColorCurve3: solid(0x089876, 0x2fe6a8),
	ColorCurve4: solid(0x96006f, 0xffa5d9),
	ColorCurve5: solid(0xcf6d00, 0xeca800),
	ColorCurve6: solid(0x1a232b, 0xf5f7fa),
	ColorCurve7: solid(0x0f8ed5, 0xa4dfff),
	ColorCurve8: solid(0x878b4e, 0xf6f15a),
	ColorFault:  veil(0xd04a00, 0x1c, 0xff8148, 0x26),
	ColorGrid:   solid(0xdfe4ea, 0x2c343d),

	// The text of a scenario.
	ColorCodeKey:    solid(0x1b5fa3, 0x7cb9f5),
	ColorCodeNumber: solid(0x8a2a78, 0xe9a3d6),
	ColorCodeQuoted: solid(0x0b6350, 0x6fd8b0),

	// Designs side by side.
	ColorLane1: solid(0x0c5bb1, 0x1893f5),
	ColorLane2: solid(0xba2500, 0xee6a08),
	ColorLane3: solid(0x089876, 0x2fe6a8),
	ColorLane4: solid(0x96006f, 0xffa5d9),
}

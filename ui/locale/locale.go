// Package locale says things in the reader's language.
//
//	locale.T("Step one event") ──► catalogue of assets/translations ──► "单步执行一个事件"
//
// The English text is the key, as with gettext: T and its arguments are those
// of fmt.Sprintf. A text without a translation is shown in English, and a test
// holds that there is none. The language can change at run time: whoever shows
// text builds it anew then.
package locale

package lessons

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"asynclab/scenarios/files"
)

// Limits of a zip file with lessons: files are untrusted.
const (
	maxZip      = 64 << 20 // bytes of the file, and of all that is in it
	maxZipped   = 5000     // files and folders in it
	maxZipDepth = 6        // folders in folders
)

// openZip reads the lessons in a zip file: folders of lessons, one folder of them, or the
// files of one lesson. Nothing is unpacked to disk.
func openZip(name string) (Shelf, error) {
	wrong := func(err error) error {
		return Diagnostics{{File: name, Msg: files.Reason(err).Error(), Hint: "a zip file of lessons holds a folder for each, with en.md in it"}}
	}
	f, err := files.OpenPath(name)
	if err != nil {
		return nil, wrong(err)
	}
	defer f.Close()
	data, err := readAtMost(f, maxZip)
	if err != nil {
		return nil, wrong(err)
	}
	base := filepath.Base(name)
	s, err := zipped(data, strings.TrimSuffix(base, filepath.Ext(base)), name)
	if err != nil {
		return nil, wrong(err)
	}
	return s, nil
}

// zipped reads the lessons in the bytes of a zip file. id is that of the lesson if the
// file holds the files of one, without a folder.
func zipped(data []byte, id, shown string) (Shelf, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("it is no zip file: %w", err)
	}
	if err := judgeZip(z.File); err != nil {
		return nil, err
	}
	var fsys fs.FS = z
	for {
		if isLesson(fsys) {
			s := Shelf{readFolder(fsys, id, shown)}
			s.judge(Library().IDs())
			return s, nil
		}
		if s := read(fsys, shown, Library().IDs()); len(s) > 0 {
			return s, nil
		}
		inside, err := fs.ReadDir(fsys, ".")
		if err != nil || len(inside) != 1 || !inside[0].IsDir() {
			return nil, fmt.Errorf("there is no lesson in it")
		}
		if fsys, err = files.Sub(fsys, inside[0].Name()); err != nil {
			return nil, err
		}
	}
}

// judgeZip refuses what a zip file of lessons does not hold: names that lead out of it
// or stand in it twice, links and devices, and more than its limits. The sizes are those
// that it declares; its reader holds it to them.
func judgeZip(all []*zip.File) error {
	if len(all) > maxZipped {
		return fmt.Errorf("it holds %d files, more than %d", len(all), maxZipped)
	}
	var sum uint64
	seen := map[string]bool{}
	for _, f := range all {
		name := strings.TrimSuffix(f.Name, "/")
		switch mode := f.Mode(); {
		case !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\:\x00"):
			return fmt.Errorf("the name %q in it leads elsewhere", f.Name)
		case strings.Count(name, "/") >= maxZipDepth:
			return fmt.Errorf("%q lies deeper than %d folders", f.Name, maxZipDepth)
		case !mode.IsRegular() && !mode.IsDir():
			return fmt.Errorf("%q is neither a file nor a folder", f.Name)
		case f.UncompressedSize64 > maxRead:
			return fmt.Errorf("%q is larger than %d MiB", f.Name, maxRead>>20)
		case seen[strings.ToLower(path.Clean(name))]:
			return fmt.Errorf("%q is in it twice", f.Name)
		}
		seen[strings.ToLower(path.Clean(name))] = true
		if sum += f.UncompressedSize64; sum > maxZip {
			return fmt.Errorf("what it holds is larger than %d MiB", maxZip>>20)
		}
	}
	return nil
}

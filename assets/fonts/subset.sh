#!/bin/sh
# Makes the fonts beside this file from Noto Sans CJK SC. Needs python3 with
# fontTools, and the collections of Debian's package fonts-noto-cjk:
#
#	apt-get install fonts-noto-cjk python3-fonttools
#	sh assets/fonts/subset.sh [FOLDER OF THE COLLECTIONS]
set -eu
cd "$(dirname "$0")"
from=${1:-/usr/share/fonts/opentype/noto}
python=${PYTHON:-/usr/bin/python3}
chars=$(mktemp)
trap 'rm -f "$chars"' EXIT

# Every character of GB 2312, row by row: 6,763 ideographs and its symbols.
"$python" - >"$chars" <<'PYTHON'
import sys
for row in range(0xA1, 0xF8):
    for cell in range(0xA1, 0xFF):
        try:
            sys.stdout.buffer.write(bytes([row, cell]).decode("gb2312").encode("utf-8"))
        except UnicodeDecodeError:
            pass
PYTHON

# Latin, Greek, punctuation, super- and subscripts, currency, letter-like signs,
# numbers, arrows, mathematics, technical signs, enclosed numbers, boxes, shapes,
# signs, dingbats, CJK punctuation, enclosed ideographs, full-width forms.
blocks=U+20-7E,U+A0-17F,U+370-3FF,U+2000-206F,U+2070-209F,U+20A0-20BF,U+2100-214F
blocks=$blocks,U+2150-218F,U+2190-21FF,U+2200-22FF,U+2300-23FF,U+2460-24FF,U+2500-25FF
blocks=$blocks,U+2600-26FF,U+2700-27BF,U+3000-303F,U+3200-32FF,U+FF00-FFEF

# subset NUMBER WEIGHT NAME: a font of a collection. Nothing is written downwards here.
subset() {
	"$python" -m fontTools.subset "$from/NotoSansCJK-$2.ttc" --font-number="$1" \
		--text-file="$chars" --unicodes="$blocks" --layout-features=kern,ccmp,liga,mark \
		--no-hinting --drop-tables+=VORG,vhea,vmtx --output-file="$3.otf"
}
subset 2 Regular NotoSansSC-Regular
subset 2 Bold NotoSansSC-Bold
subset 7 Regular NotoSansMonoSC-Regular

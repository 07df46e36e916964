"""Reads the barcodes of pictures with zxing-cpp, a reader that shares no code with Packbench.

usage: zxing_read.py PICTURE...     One line per code: picture's number, format, content (GS as "{GS}").
       zxing_read.py --list FILE    Pictures by the lines of FILE; one line per code: picture, AIM identifier, bytes in hexadecimal.
"""
import sys

import zxingcpp
from PIL import Image


def codes(path):
    # The pictures have the dots of the print: made coarser, as for photographs, one in some thousand EAN shows a ghost of another number.
    return zxingcpp.read_barcodes(Image.open(path).convert("L"), try_downscale=False)


if sys.argv[1] == "--list":
    for path in open(sys.argv[2], encoding="utf-8").read().splitlines():
        for code in codes(path):
            print(path, code.symbology_identifier, code.bytes.hex(), sep="\t")
else:
    for number, path in enumerate(sys.argv[1:]):
        for code in codes(path):
            text = code.bytes.decode("utf-8").replace("\x1d", "{GS}")
            print(number, str(code.format).split(".")[-1], text, sep="\t")

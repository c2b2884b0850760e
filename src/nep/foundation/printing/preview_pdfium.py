"""What is done with PDF files of strangers, as a program of its own run within bounds.

    text FILE OUT                    the text of each page as a JSON list
    marks FILE OUT                  words and ruled lines of each page with their places as JSON
    pages FILE FOLDER PIXELS LIMIT   pictures 0001.png …, the longer side PIXELS at most
    sizes FILE OUT                   [width, height, rotation] of each page in points as JSON
    overlay FILE OVERLAY OUT         page n of OVERLAY laid over page n of FILE
    join OUT FILE FILE …             the pages of the files, one after the other

Several commands may follow each other, parted by "+", so that one program does them all.

Exit codes: 0 done, 10 password, 11 broken, 12 too many pages.
"""

import ctypes
import itertools
import json
import pathlib
import struct
import sys
import zlib

import pypdfium2 as pdfium

PASSWORD, BROKEN, TOO_MANY_PAGES = 10, 11, 12
MAX_PAGES = 3000
MAX_TEXT = 4_000_000
MAX_MARKS = 2_000_000
THIN = 2.0  # points: a drawn rectangle no thicker is a ruled line
FLAT = 0.8  # points: how far a straight line may lean


def text(file: str, out: str) -> None:
    """Write the text of each page."""
    left, found = MAX_TEXT, []
    with _opened(file) as document:
        for page in document:
            said = page.get_textpage().get_text_bounded()[:left]
            found.append(said.encode("utf-8", "ignore").decode())
            left -= len(said)
            page.close()
    pathlib.Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def marks(file: str, out: str) -> None:
    """Write the words and the ruled lines of each page; points from the upper left corner."""
    left, found = MAX_MARKS, []
    with _opened(file) as document:
        for page in document:
            _x0, bottom, _x1, top = page.get_mediabox()
            words = _words(page.get_textpage(), top, left)
            left -= sum(len(word[4]) for word in words)
            found.append({
                "width": page.get_width(), "height": top - bottom, "words": words,
                "rules": _rules(page, top),
            })  # fmt: skip
            page.close()
    pathlib.Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _words(textpage: pdfium.PdfTextPage, top: float, most: int) -> list[list]:
    """Return [left, top, right, bottom, text] of each word in the order of the file.

    Words stand on the line their letters are written on, commas and raised marks too.
    """
    words: list[list] = []
    is_open = False
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(min(textpage.count_chars(), most)):
        letter = chr(pdfium.raw.FPDFText_GetUnicode(textpage, index))
        if letter.isspace() or not letter.isprintable():
            is_open = False
            continue
        x0, low, x1, high = textpage.get_charbox(index, loose=True)
        pdfium.raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        base = top - y.value
        if is_open and _is_next(words[-1], x0, base):
            last = words[-1]
            last[0], last[2] = min(last[0], x0), max(last[2], x1)
            last[3] = max(last[3], high - low)
            last[4] += letter
        else:
            words.append([x0, base, x1, max(high - low, 4.0), letter])
        is_open = True
    return [
        [round(x0, 2), round(base - 0.8 * high, 2), round(x1, 2), round(base + 0.2 * high, 2), said]
        for x0, base, x1, high, said in words
    ]


def _is_next(word: list, left: float, base: float) -> bool:
    high = word[3]
    return abs(word[1] - base) < 0.4 * high and -high < left - word[2] < 0.3 * high


def _rules(page: pdfium.PdfPage, top: float) -> list[list[float]]:
    """Return [left, top, right, bottom] of each level or upright line that is drawn."""
    found: list[list[float]] = []
    for drawn in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        x0, low, x1, high = drawn.get_bounds()
        if min(x1 - x0, high - low) <= THIN:
            found.append([x0, top - high, x1, top - low])
            continue
        found += [[a, top - d, b, top - c] for a, c, b, d in _straight(drawn)]
    return [[round(side, 2) for side in rule] for rule in found]


def _straight(drawn: pdfium.PdfObject) -> list[tuple[float, float, float, float]]:
    """Return the level and upright pieces of a stroked path as (left, low, right, high)."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.raw.FPDFPath_GetDrawMode(drawn, filled, stroked)
    if not stroked.value:
        return []
    matrix = drawn.get_matrix()
    points: list[tuple[float, float] | None] = []
    for index in range(pdfium.raw.FPDFPath_CountSegments(drawn)):
        segment = pdfium.raw.FPDFPath_GetPathSegment(drawn, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.raw.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.raw.FPDFPathSegment_GetType(segment) == pdfium.raw.FPDF_SEGMENT_MOVETO:
            points.append(None)
        points.append(matrix.on_point(x.value, y.value))
        if pdfium.raw.FPDFPathSegment_GetClose(segment):
            begun = len(points) - 1 - points[::-1].index(None)
            points.append(points[begun + 1])
    found = []
    for one, other in itertools.pairwise(points):
        if one is None or other is None:
            continue
        if abs(one[0] - other[0]) < FLAT or abs(one[1] - other[1]) < FLAT:
            found.append((
                min(one[0], other[0]), min(one[1], other[1]),
                max(one[0], other[0]), max(one[1], other[1]),
            ))  # fmt: skip
    return found


def pages(file: str, folder: str, pixels: str, limit: str) -> None:
    """Draw the first pages, with the fields and signatures that lie upon them."""
    with _opened(file) as document:
        document.init_forms()
        for index in range(min(len(document), int(limit))):
            page = document[index]
            longer = max(*page.get_size(), 1)
            bitmap = page.render(
                scale=min(int(pixels) / longer, 4), rev_byteorder=True,
                force_bitmap_format=pdfium.raw.FPDFBitmap_BGR,
            )  # fmt: skip
            picture = _png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            pathlib.Path(folder, f"{index + 1:04d}.png").write_bytes(picture)
            bitmap.close()
            page.close()


def sizes(file: str, out: str) -> None:
    """Write the size of each page as it is seen, and how it is turned."""
    with _opened(file) as document:
        found = [[*page.get_size(), page.get_rotation()] for page in document]
    pathlib.Path(out).write_text(json.dumps(found))


def overlay(file: str, over: str, out: str) -> None:
    """Lay one file's pages over another's."""
    with _opened(file) as document, _opened(over) as laid:
        for index in range(len(document)):
            page = document[index]
            form = laid.page_as_xobject(index, document)
            shown = form.as_pageobject()
            shown.set_matrix(_matrix(page))
            page.insert_obj(shown)
            page.gen_content()
            form.close()
            page.close()
        document.save(out)


def join(out: str, *files: str) -> None:
    """Write the pages of several files into one.

    The last file takes the pages of the others before its own, so that it keeps what makes it fit
    for archives (PDF/A): its description and its colours.
    """
    with _opened(files[-1]) as made:
        for file in reversed(files[:-1]):
            with _opened(file) as before:
                made.import_pages(before, index=0)
        made.save(out)


def _opened(file: str) -> pdfium.PdfDocument:
    document = pdfium.PdfDocument(file)
    if len(document) > MAX_PAGES:
        sys.exit(TOO_MANY_PAGES)
    return document


def _matrix(page: pdfium.PdfPage) -> pdfium.PdfMatrix:
    """Return how a sheet of the seen size comes to lie upon a page that may be turned."""
    left, bottom, right, top = page.get_cropbox()
    wide, high = right - left, top - bottom
    turned = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, left + wide, bottom),
        180: (-1, 0, 0, -1, left + wide, bottom + high),
        270: (0, -1, 1, 0, left, bottom + high),
    }
    return pdfium.PdfMatrix(*turned[page.get_rotation() % 360])


def _png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    rows = b"".join(
        b"\0" + pixels[row * stride : row * stride + width * 3] for row in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Do the commands, one after the other."""
    commands = {
        one.__name__: one for one in (text, marks, pages, sizes, overlay, join)
    }  # fmt: skip
    ends = [place for place, one in enumerate(arguments) if one == "+"] + [len(arguments)]
    start = 0
    try:
        for end in ends:
            commands[arguments[start]](*arguments[start + 1 : end])
            start = end + 1
    except pdfium.PdfiumError as error:
        return PASSWORD if "password" in str(error).lower() else BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is done with PDF files of strangers, as a program of its own run within bounds.

    text FILE OUT                    the text of each page as a JSON list
    pages FILE FOLDER PIXELS LIMIT   pictures 0001.png …, the longer side PIXELS at most
    sizes FILE OUT                   [width, height, rotation] of each page in points as JSON
    overlay FILE OVERLAY OUT         page n of OVERLAY laid over page n of FILE
    join OUT FILE FILE …             the pages of the files, one after the other

Several commands may follow each other, parted by "+", so that one program does them all.

Exit codes: 0 done, 10 password, 11 broken, 12 too many pages.
"""

import json
import pathlib
import struct
import sys
import zlib

import pypdfium2 as pdfium

PASSWORD, BROKEN, TOO_MANY_PAGES = 10, 11, 12
MAX_PAGES = 3000
MAX_TEXT = 4_000_000


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
        one.__name__: one for one in (text, pages, sizes, overlay, join)
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

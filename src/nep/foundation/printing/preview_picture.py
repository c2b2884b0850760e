"""Set a PNG or JPEG picture of a stranger on a page of A4, as a program run within bounds."""

import pathlib
import sys

import typst

LAYOUT = """#set page(paper: "a4", margin: 15mm, footer: none)
#align(center + horizon, image("{name}", width: 100%, height: 100%, fit: "contain"))
"""


def main(arguments: list[str]) -> int:
    """Set the picture `arguments[0]` into the PDF file `arguments[1]`."""
    source = pathlib.Path(arguments[0]).resolve()
    compiler = typst.Compiler(root=str(source.parent), ignore_system_fonts=True)
    made = compiler.compile(input=LAYOUT.format(name=source.name).encode(), format="pdf")
    if not isinstance(made, bytes):
        return 11
    pathlib.Path(arguments[1]).write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Printing: PDF and DOCX from one description of a paper, QR codes, Excel sheets.

A form is described once as a `Paper` of lines, tables, codes and signatures; `paper_pdf` and
`paper_docx` set it alike. `pdf` compiles any other Typst layout with its data.
"""

from nep.foundation.printing.docx import paper_docx
from nep.foundation.printing.fonts import missing_fonts
from nep.foundation.printing.paper import (
    Cell,
    Code,
    Column,
    Line,
    NewPage,
    Paper,
    Run,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
)
from nep.foundation.printing.pdf import paper_data, paper_of, paper_pdf, pdf
from nep.foundation.printing.qr import qr_matrix, qr_png, qr_svg
from nep.foundation.printing.sheet import SheetColumn, xlsx

__all__ = [
    "Cell",
    "Code",
    "Column",
    "Line",
    "NewPage",
    "Paper",
    "Run",
    "SheetColumn",
    "Signature",
    "Signatures",
    "Table",
    "bold",
    "italic",
    "line",
    "missing_fonts",
    "paper_data",
    "paper_docx",
    "paper_of",
    "paper_pdf",
    "pdf",
    "qr_matrix",
    "qr_png",
    "qr_svg",
    "xlsx",
]

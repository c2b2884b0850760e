"""QR codes as vector, picture and plain modules."""

import io
from functools import lru_cache

import segno

RIM = 4


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of the code without its rim, row by row, True for dark."""
    return tuple(tuple(bool(module) for module in row) for row in _code(text).matrix)


def qr_svg(text: str) -> str:
    """Return the code as SVG with its rim of four modules, black on white."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", border=RIM, xmldecl=False, light="#fff", omitsize=True)
    return out.getvalue().decode()


def qr_png(text: str, *, scale: int = 12) -> bytes:
    """Return the code as PNG with its rim, `scale` pixels a module."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", border=RIM, scale=scale)
    return out.getvalue()


def whole_side(text: str, millimetres: float) -> float:
    """Return the side in millimetres with the rim, so that the code alone has `millimetres`."""
    modules = len(_code(text).matrix)
    return millimetres * (modules + 2 * RIM) / modules


@lru_cache(maxsize=64)  # a form asks for its size and its drawing: reckoned once
def _code(text: str) -> segno.QRCode:
    """Return the code; error correction M withstands a fold of the paper."""
    return segno.make_qr(text, error="m")

"""The fonts of printed papers: Tinos, metric-compatible with Times New Roman (OFL)."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fonts"
FAMILY = "Tinos"
WORD_FAMILY = "Times New Roman"
FILES = (
    "Tinos_400Regular.ttf",
    "Tinos_700Bold.ttf",
    "Tinos_400Regular_Italic.ttf",
    "Tinos_700Bold_Italic.ttf",
)


def missing_fonts() -> list[str]:
    """Return the font files that are not where they must be."""
    return [name for name in FILES if not (FOLDER / name).exists()]

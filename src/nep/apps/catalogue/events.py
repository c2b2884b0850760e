"""What others hear of the catalogue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    """A file or a person changed entries; `codes` are those touched, empty where they are many."""

    codes: tuple[str, ...] = ()

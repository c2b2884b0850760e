"""Every register that is given as an Excel file can be read when it is printed."""

import sys
from importlib import import_module

from nep.foundation.printing import SheetColumn
from nep.foundation.printing.sheet_page import SMALLEST, letter_size, page, wish


def registers() -> dict[str, tuple[SheetColumn, ...]]:
    """Return the columns of every register by module and name."""
    import_module("nep.config.urls")
    return {
        f"{module}.{name}": value
        for module in sorted(sys.modules)
        if module.startswith("nep.apps.") and ".tests" not in module
        for name, value in vars(sys.modules[module]).items()
        if isinstance(value, tuple) and value and all(isinstance(one, SheetColumn) for one in value)
    }


def test_the_letters_of_every_printed_register_are_at_least_eight_points_high():
    found = {
        name: page(
            [wish(kind=one.kind, width=one.width, head=one.title, cells=[]) for one in columns]
        )
        for name, columns in registers().items()
    }

    assert len(found) > 25
    small = {name: letter_size(one) for name, one in found.items() if letter_size(one) < SMALLEST}
    parted = [name for name, one in found.items() if one.scale is not None]
    assert (small, parted) == ({}, [])

"""What is typed after a drill's name."""

import argparse
from typing import Any


def typed(about: str | None, **defaults: int | str) -> list[Any]:
    """Return the words typed, in the order of `defaults` and of their kinds, or else those.

    `--help` tells `about`, what the drill says of itself, and begins nothing.
    """
    reader = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in defaults.items():
        reader.add_argument(name, nargs="?", type=type(default), default=default)
    return list(vars(reader.parse_args()).values())

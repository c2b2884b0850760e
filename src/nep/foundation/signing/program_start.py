"""Start `program` without the HTTP client that its library would load.

The client is for certificate servers, which are never asked: the child has no network, and loading
it takes as long as all the rest.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType


class Absent(ModuleType):
    """A module of which every name is an empty class, for annotations to name."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def start(arguments: list[str]) -> int:
    """Run the program and return its exit code."""
    sys.modules["aiohttp"] = Absent("aiohttp")
    sys.path.append(str(Path(__file__).resolve().parent))
    code: int = importlib.import_module("program").main(arguments)
    return code


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))

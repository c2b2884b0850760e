"""The English catalogue: what has to be in it, and its compiled form.

    python -m tools.messages          print what is missing in English
    python -m tools.messages compile  write django.mo from django.po

Standard library only, so that no gettext program is needed. Only the pages offered in English are
asked for: those of the portal, with the public frame and the errors; the log-in and the menu are
in the catalogue too, but their pages are not offered in English yet.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "nep"
FOLDER = SOURCE / "config" / "locale" / "en" / "LC_MESSAGES"
WEB = SOURCE / "foundation" / "web"
TEMPLATES = ("base", "public", "error", "empty", "plain", "login", "code")
PROGRAMS = (
    WEB / "pages.py",
    WEB / "refusals.py",
    WEB / "widgets.py",
    SOURCE / "apps" / "portal" / "views.py",
    SOURCE / "apps" / "portal" / "forms.py",
    SOURCE / "apps" / "portal" / "templatetags" / "portal.py",
)
_SIMPLE = re.compile(r"{%-?\s*translate\s+\"((?:[^\"\\]|\\.)*)\"")
_BLOCK = re.compile(r"{%\s*blocktranslate\b[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)[^}]*}}")
_FIELD = re.compile(r'^(msgid|msgid_plural|msgstr|msgstr\[0\]|msgstr\[1\])\s+(".*")$')
Catalogue = dict[str, str]


def wanted() -> set[str]:
    """Return every message that the pages offered in English write through gettext."""
    pages = [WEB / "templates" / "web" / f"{name}.html" for name in TEMPLATES]
    pages += sorted((SOURCE / "apps" / "portal" / "templates").rglob("*.html"))
    found = {text for page in pages for text in in_template(page.read_text(encoding="utf-8"))}
    return found | {text for one in PROGRAMS for text in in_program(one.read_text("utf-8"))}


def in_template(text: str) -> Iterator[str]:
    """Yield the messages of a template; a plural one as gettext keys it, by its singular."""
    yield from (found[1] for found in _SIMPLE.finditer(text))
    for found in _BLOCK.finditer(text):
        yield _VARIABLE.sub(r"%(\1)s", _PLURAL.split(found[1])[0])


def in_program(text: str) -> Iterator[str]:
    """Yield the literal first arguments of gettext's functions."""
    names = {"_", "gettext", "gettext_lazy", "ngettext"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in names and isinstance(first, ast.Constant):
                yield str(first.value)


def read(text: str) -> Catalogue:
    """Return a .po file as message to translation; a plural's forms are joined by NUL, as its key."""
    entries: Catalogue = {}
    fields: dict[str, str] = {}
    name = ""
    for line in [*text.splitlines(), ""]:
        if found := _FIELD.match(line):
            name = found[1]
            fields[name] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            fields[name] += ast.literal_eval(line)
        elif not line.strip() and fields:
            key, value = _entry(fields)
            if key in entries:
                raise ValueError(f"two translations of {key!r}")
            entries[key] = value
            fields = {}
    return entries


def _entry(fields: dict[str, str]) -> tuple[str, str]:
    if "msgid_plural" in fields:
        key = f"{fields['msgid']}\0{fields['msgid_plural']}"
        return key, f"{fields['msgstr[0]']}\0{fields['msgstr[1]']}"
    return fields["msgid"], fields["msgstr"]


def compiled(entries: Catalogue) -> bytes:
    """Return the catalogue in the binary form that gettext reads."""
    pairs = sorted((key.encode(), value.encode()) for key, value in entries.items() if value)
    count, start = len(pairs), 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    body = bytearray()
    for place in (0, 1):
        for pair in pairs:
            tables[place] += [len(pair[place]), start + len(body)]
            body += pair[place] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + bytes(body)


def missing(entries: Catalogue) -> list[str]:
    """Return the wanted messages without a translation."""
    known = {key.partition("\0")[0] for key, value in entries.items() if value}
    return sorted(wanted() - known)


def main(arguments: list[str]) -> int:
    """Print what is missing, or compile."""
    entries = read((FOLDER / "django.po").read_text(encoding="utf-8"))
    lacking = missing(entries)
    for text in lacking:
        print(text)
    if arguments == ["compile"]:
        (FOLDER / "django.mo").write_bytes(compiled(entries))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

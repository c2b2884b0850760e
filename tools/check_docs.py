"""The documents keep up: every command, setting and link they owe is there."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def missing_commands() -> list[str]:
    """Return the commands of `nep` that docs/admin/cli.md does not describe."""
    text = (DOCS / "admin" / "cli.md").read_text(encoding="utf-8")
    source = (ROOT / "src" / "nep" / "config" / "cli.py").read_text(encoding="utf-8")
    names = re.findall(r'^    "([a-z-]+)": \("', source, re.MULTILINE)
    return [f"docs/admin/cli.md: thiếu lệnh {name}" for name in names if f"nep {name}" not in text]


def missing_settings() -> list[str]:
    """Return the environment variables that docs/admin/settings.md does not describe."""
    text = (DOCS / "admin" / "settings.md").read_text(encoding="utf-8")
    source = (ROOT / "src" / "nep" / "config" / "env.py").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r'"(NEP_[A-Z_]+)"', source)))
    return [f"docs/admin/settings.md: thiếu {name}" for name in names if f"`{name}`" not in text]


def broken_links() -> list[str]:
    """Return the links between the project's own pages that lead nowhere."""
    found = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (page.parent / target).exists():
                found.append(f"{page.relative_to(ROOT)}: liên kết hỏng {target}")
    return found


def unlisted_decisions() -> list[str]:
    """Return the decision records that their index does not name."""
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    return [f"docs/decisions/README.md: thiếu {p.name}" for p in pages if p.name not in index]


def main() -> int:
    """Print every fault; fail when there is one."""
    faults = [*missing_commands(), *missing_settings(), *broken_links(), *unlisted_decisions()]
    for name in ("README.md", "README.vi.md", "CHANGELOG.md", "LICENSE", "SECURITY.md",
                 "docs/glossary.md", "docs/legal-basis.md", "docs/design/overview.md"):  # fmt: skip
        if not (ROOT / name).exists():
            faults.append(f"thiếu {name}")
    readme = (ROOT / "README.md").read_text(encoding="utf-8") if not faults else ""
    for command in ("python3 dev.py run", "python3 dev.py test"):
        if readme and command not in readme:
            faults.append(f"README.md không nêu {command}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

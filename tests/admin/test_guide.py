"""The guide speaks of buttons and addresses that exist."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from nep.config.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))
ADMIN = sorted((ROOT / "docs" / "admin").glob("*.md"))


@pytest.fixture(scope="module")
def words() -> str:
    """Every text of the product's pages and modules."""
    files = [*(ROOT / "src" / "nep").rglob("*.html"), *(ROOT / "src" / "nep").rglob("*.py")]
    return "\n".join(
        path.read_text(encoding="utf-8") for path in files if "tests" not in path.parts
    )


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_label_in_bold_stands_on_a_page(path, words):
    labels = {label.replace("\n", " ") for label in
              re.findall(r"\*\*([^*]+)\*\*", path.read_text(encoding="utf-8"))} - {"đậm"}  # fmt: skip
    assert [label for label in sorted(labels) if f'"{label}"' not in words] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_address_is_one_of_the_product(path):
    for address in re.findall(r"`(/[a-z/-]+/)`", path.read_text(encoding="utf-8")):
        resolve(address)


@pytest.mark.parametrize("path", [*GUIDES, *ADMIN], ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path):
    for link in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link


def test_every_proof_named_in_the_assurance_exists():
    text = (ROOT / "docs" / "admin" / "assurance.md").read_text(encoding="utf-8")
    named = re.findall(r"((?:tests|drills)/[\w/]+(?:\.py)?)", text)
    named += [f"bench/{name}.py" for name in re.findall(r"dev\.py bench (\w+)", text)]
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_service_files_run_commands_that_exist():
    for path in (ROOT / "deploy" / "systemd").glob("*.service"):
        commands = re.findall(r"nep\.config\.cli (\S+)", path.read_text(encoding="utf-8"))
        assert commands
        assert set(commands) <= set(COMMANDS)
    shown = (ROOT / "deploy" / "nep.env.example").read_text(encoding="utf-8")
    known = (ROOT / "docs" / "admin" / "settings.md").read_text(encoding="utf-8")
    for name in re.findall(r"^#?(NEP_\w+)=", shown, re.MULTILINE):
        assert f"`{name}`" in known

"""The real Word files beside their oracles, and copies of them with one time changed."""

import io
import re
import zipfile
from functools import cache
from xml.etree import ElementTree

import pytest

from nep.apps.procedures.rules.word import read_procedures
from tests.word.build import W
from tests.word.measure import compare, data_folder, oracles

FOLDER = data_folder()
needs_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no test data; set NEP_TEST_DATA to its folder"
)
TAG = f"{{{W}}}"
ALL = [*oracles(FOLDER, unread=False), *oracles(FOLDER, unread=True)]
each_file = pytest.mark.parametrize(("word", "oracle"), ALL, ids=lambda path: path.name[:40])


@cache
def figure_of(word, oracle):
    """Return how a file is read, once for all tests."""
    return compare(word, oracle, reading=reading_of(word))


@cache
def reading_of(word):
    """Return what is read of a file, once for all tests."""
    return read_procedures(word.read_bytes(), file=word.name)


@needs_data
@pytest.mark.parametrize(("unread", "goal"), [(False, 0.98), (True, 0.95)])
def test_steps_are_read_as_the_oracles_say(unread, goal, capsys):
    figures = [figure_of(word, oracle) for word, oracle in oracles(FOLDER, unread=unread)]

    steps, equal = sum(f.steps for f in figures), sum(f.equal for f in figures)
    with capsys.disabled():
        print(f"\n{'unread' if unread else 'read'}: {equal}/{steps} steps equal")
    assert steps > 50
    assert equal >= goal * steps, [line for f in figures for line in f.differences]
    assert [f.file for f in figures if f.invented or f.procedures != f.wanted_procedures] == []


@needs_data
@each_file
def test_names_codes_cases_and_totals_are_read_as_the_oracle_says(word, oracle):
    figure = figure_of(word, oracle)

    told = [note for note in figure.notes if "step" not in note]
    assert told == []


@needs_data
@each_file
def test_copies_with_one_time_changed_are_reported_as_mismatches(word, oracle):
    """Every second procedure is changed in one copy, the others in another: each tells its own."""
    data, original = word.read_bytes(), reading_of(word)
    comparable = [
        at for at, one in enumerate(original.procedures) if one.sum_matches_declared is not None
    ]

    assert "total_mismatch" not in [caution.code for caution in original.warnings]
    for places in filter(None, (comparable[::2], comparable[1::2])):
        changed = read_procedures(with_changed_times(data, original, places), file=word.name)

        wrong = [c.procedure for c in changed.warnings if c.code == "total_mismatch"]
        assert wrong == places, [original.procedures[at].name for at in places]
        told = [changed.procedures[at].sum_matches_declared for at in comparable]
        assert told == [at not in places for at in comparable]


def with_changed_times(data, original, places):
    """Return a copy in which one step of each of these procedures takes 77 hours more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
        cells = [first_time(root, original, at) for at in places]
        for cell, hours in cells:
            texts = list(cell.iter(f"{TAG}t"))
            for text in texts[1:]:
                text.text = ""
            texts[0].text = f"{hours + 77} giờ"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as copy:
            for name in archive.namelist():
                part = archive.read(name)
                copy.writestr(
                    name, ElementTree.tostring(root) if name == "word/document.xml" else part
                )
    return out.getvalue()


def first_time(root, original, at):
    """Return the cell of the first time that a procedure's steps print, and its hours."""
    step = next(s for s in original.procedures[at].steps if s.time_hours)
    before = sum(
        1
        for other in original.procedures[:at]
        for s in other.steps
        if signature(s) == signature(step)
    )
    return cell_of_time(root, step, before), step.time_hours


def signature(step):
    """Return what the row of a step prints."""
    return step.label, step.responsible, step.time_text


def cell_of_time(root, step, before):
    """Return the time cell of the row that prints a step, after `before` rows that print alike."""
    seen = 0
    for row in root.iter(f"{TAG}tr"):
        cells = row.findall(f"{TAG}tc")
        texts = [plain(cell) for cell in cells]
        if step.responsible in texts and step.time_text in texts and step.label in texts:
            if seen == before:
                return cells[texts.index(step.time_text)]
            seen += 1
    raise AssertionError(f"no row prints {signature(step)}")


def plain(cell):
    """Return the text of a cell with single blanks."""
    lines = ("".join(t.text or "" for t in p.iter(f"{TAG}t")) for p in cell.iter(f"{TAG}p"))
    return re.sub(r"\s+", " ", " ".join(lines)).strip()

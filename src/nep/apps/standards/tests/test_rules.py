"""The editions as data and how they answer to one another."""

from datetime import date

import pytest
from django.conf import settings

from nep.apps.standards import rules
from nep.apps.standards.rules import Guidance

ALL = rules.read_standards(settings.STANDARDS)


def test_every_edition_is_whole_and_every_title_has_its_mark_and_source():
    for edition in ALL.editions.values():
        for one in edition.clauses:
            assert one.vi, one
            assert one.vi_mark in rules.MARK_NAMES, one
            assert one.vi_source in ALL.sources, one
            assert bool(one.en) == bool(one.en_mark), one
            assert bool(one.info) == bool(one.doc) == bool(one.info_mark), one
            assert one.row in edition.numbers or one.is_heading, one
    counts = {code: len(one.rows) for code, one in ALL.editions.items()}
    assert counts == {"2008": 51, "2015": 56, "2026": 58}


def test_clauses_stand_in_the_order_of_their_numbers():
    numbers = [one.number for one in ALL.editions["2015"].clauses]

    assert numbers.index("10.1") > numbers.index("9.3.3")
    assert numbers.index("8.5.1") < numbers.index("8.6")


def test_every_clause_of_2015_is_answered_in_2026_and_back():
    forth = rules.mapping_between(ALL, "2015", "2026")
    back = rules.mapping_between(ALL, "2026", "2015")

    assert [number for number, found in forth.items() if not found] == []
    assert [number for number, found in back.items() if not found] == []
    assert forth["6.1"] == ("6.1.1", "6.1.2", "6.1.3")
    assert forth["10.3"] == ("10.1",) == forth["10.1"]
    assert back["10.1"] == ("10.1", "10.3")
    assert forth["9.2"] == ("9.2.1", "9.2.2")
    assert forth["4.4.2"] == ("4.4.2",)


def test_the_traps_between_2008_and_2015():
    forth = rules.mapping_between(ALL, "2008", "2015")
    back = rules.mapping_between(ALL, "2015", "2008")

    assert forth["4.2.2"] == ("4.3", "4.4")  # the manual
    assert forth["5.5.2"] == ("5.3",)  # the management representative
    assert forth["8.5.3"] == ("6.1",)  # preventive action
    assert forth["7.2"] == ("8.2.1", "8.2.2", "8.2.3", "8.2.4")  # never 7.2 Competence
    assert back["7.1.6"] == () == back["4.1"]
    assert back["7.5.3.2"] == ("4.2.3", "4.2.4")


def test_2008_meets_2026_through_2015():
    forth = rules.mapping_between(ALL, "2008", "2026")

    assert forth["8.5.3"] == ("6.1.1", "6.1.2", "6.1.3")
    assert forth["8.2.2"] == ("9.2.1", "9.2.2")
    assert forth["8.5.1"] == ("10.1",)


def test_a_number_unknown_or_twice_is_refused_when_read():
    raw = settings.STANDARDS
    first = raw["editions"][0]
    twice = {**first, "clauses": [*first["clauses"], first["clauses"][0]]}
    wrong = {**raw["pairs"][0], "links": [{"older": ["9.9"], "newer": [], "change": "new",
                                           "mark": "S"}]}  # fmt: skip

    with pytest.raises(ValueError, match="twice"):
        rules.read_standards({**raw, "editions": [twice]})
    with pytest.raises(ValueError, match=r"9\.9"):
        rules.read_standards({**raw, "pairs": [wrong]})


@pytest.mark.parametrize(
    ("edition", "said", "allowed"),
    [
        ("2008", [], True),
        ("2015", [], True),
        ("2026", [], False),
        ("2026", ["2015"], False),
        ("2026", ["2026"], True),
    ],
)
def test_an_edition_is_locked_until_its_guidance_is_recorded(edition, said, allowed):
    guidances = [Guidance(1, one, "12/BKHCN", date(2027, 1, 5), "Hướng dẫn") for one in said]

    found = rules.declaration_locked(ALL.editions[edition], guidances)

    assert bool(found) is allowed
    assert allowed or found.code == "edition_locked"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"edition": "2015", "target": "2008"}, "target_older"),
        ({"edition": "2015", "target": "2015"}, "target_older"),
        ({"edition": "2008", "decision": ""}, "decision_missing"),
        ({"edition": "2008", "since": None}, "decision_missing"),
        ({"since": date(2026, 12, 1)}, "since_future"),
        ({"edition": "2015", "target": "2026", "decision": "", "since": None}, None),
    ],
)
def test_which_edition_an_agency_may_choose(change, code):
    given = {"edition": "2015", "target": "2026", "before": "2015", "since": date(2026, 11, 2),
             "decision": "12/QĐ-STP", "today": date(2026, 11, 20)}  # fmt: skip

    found = rules.decide_choice(**{**given, **change})

    assert getattr(found, "code", None) == code


def test_only_a_title_that_nobody_read_may_be_set():
    edition = ALL.editions["2015"]

    assert rules.decide_label(edition.numbers["4.1"], "Khác").code == "title_official"
    assert rules.decide_label(edition.numbers["8.3.1"], "Khái quát về thiết kế")
    assert rules.decide_label(None, "Khác").code == "clause_unknown"
    changed = rules.with_labels(edition, {"8.3.1": "Khái quát về thiết kế"})
    assert changed.numbers["8.3.1"].vi_mark == rules.OWN
    assert edition.numbers["8.3.1"].vi_mark == "K"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2015:8.5.1", ("2015", "8.5.1")),
        ("7.5", ("2015", "7.5")),
        ("2026: 6.1.2", ("2026", "6.1.2")),
        ("phụ lục A", ("", "")),
        ("", ("", "")),
    ],
)
def test_clauses_are_read_as_other_parts_write_them(text, found):
    assert rules.read_clause(text) == found


@pytest.mark.parametrize(
    ("name", "edition"),
    [("ISO 9001:2015", "2015"), ("TCVN ISO 9001:2008", "2008"), ("9001:2026", "2026"),
     ("ISO 27001:2022", ""), ("ISO 9001", "")],
)  # fmt: skip
def test_documents_name_the_standard_in_their_way(name, edition):
    assert rules.edition_named(name) == edition

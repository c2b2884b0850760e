"""The life of a revision as tables, without a database."""

from datetime import date

import pytest

from nep.apps.documents import rules
from nep.apps.documents.rules import Standing

LAN, TOAN, HA = 1, 2, 3


def standing(state: str, *, authors=(LAN,), checker=None, exceptions=()) -> Standing:
    return Standing(state, "h", frozenset(authors), checker, frozenset(exceptions))


def code(decision) -> str:
    return "" if decision else decision.code


@pytest.mark.parametrize(
    ("issue", "amendment", "is_new", "expected"),
    [
        ("01", "00", False, ("01", "01")),
        ("01", "09", False, ("01", "10")),
        ("01", "03", True, ("02", "00")),
        ("9", "0", True, ("10", "00")),
        ("A", "00", True, ("A.1", "00")),
        ("2026-1", "00", True, ("2026-02", "00")),
        ("", "00", True, ("01", "00")),
    ],
)
def test_the_next_number(issue, amendment, is_new, expected):
    assert rules.next_number(issue, amendment, is_new_issue=is_new) == expected


@pytest.mark.parametrize(
    ("issue", "amendment", "text"),
    [("06", "00", "lần 06"), ("06", "", "lần 06"), ("06", "02", "lần 06, sửa đổi 02")],
)
def test_a_number_in_words(issue, amendment, text):
    assert rules.revision_text(issue, amendment) == text


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", ""),
        ("submitted", "revision_locked"),
        ("checked", "revision_locked"),
        ("approved", "revision_locked"),
        ("in_force", "revision_frozen"),
        ("retired", "revision_frozen"),
        ("dropped", "revision_frozen"),
    ],
)
def test_only_a_draft_changes(state, expected):
    assert code(rules.decide_edit(state)) == expected


@pytest.mark.parametrize(
    ("one", "actor", "content", "expected"),
    [
        (standing("submitted"), TOAN, "h", ""),
        (standing("submitted"), LAN, "h", "author_is_checker"),
        (standing("submitted", authors=(LAN, TOAN)), TOAN, "h", "author_is_checker"),
        (standing("submitted", exceptions=("author_checker",)), LAN, "h", ""),
        (standing("submitted"), TOAN, "x", "content_changed"),
        (standing("draft"), TOAN, "h", "revision_state"),
        (standing("checked"), TOAN, "h", "revision_state"),
    ],
)
def test_who_may_check(one, actor, content, expected):
    assert code(rules.decide_check(one, actor_id=actor, content_hash=content)) == expected


@pytest.mark.parametrize(
    ("one", "actor", "content", "expected"),
    [
        (standing("checked", checker=TOAN), HA, "h", ""),
        (standing("checked", checker=TOAN), TOAN, "h", "checker_is_approver"),
        (standing("checked", checker=TOAN), LAN, "h", "author_is_approver"),
        (standing("checked", checker=TOAN, exceptions=("checker_approver",)), TOAN, "h", ""),
        (
            standing("checked", checker=TOAN, exceptions=("checker_approver",)),
            LAN,
            "h",
            "author_is_approver",
        ),
        (standing("checked", checker=TOAN), HA, "x", "content_changed"),
        (standing("submitted", checker=TOAN), HA, "h", "revision_state"),
    ],
)
def test_who_may_approve(one, actor, content, expected):
    assert code(rules.decide_approve(one, actor_id=actor, content_hash=content)) == expected


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("submitted", "Thiếu bước", ""),
        ("checked", "Thiếu bước", ""),
        ("submitted", "", "reason_missing"),
        ("draft", "Thiếu bước", "revision_state"),
        ("in_force", "Thiếu bước", "revision_state"),
    ],
)
def test_what_may_be_returned(state, reason, expected):
    assert code(rules.decide_return(state, reason=reason)) == expected


@pytest.mark.parametrize(
    ("effective", "since", "expected"),
    [
        (date(2026, 12, 10), None, ""),
        (date(2026, 12, 9), None, "effective_past"),
        (date(2026, 12, 10), date(2026, 12, 20), "effective_before_current"),
        (date(2026, 12, 20), date(2026, 12, 20), ""),
    ],
)
def test_the_day_of_effect(effective, since, expected):
    decision = rules.decide_effective(
        effective_from=effective, today=date(2026, 12, 10), since=since
    )

    assert code(decision) == expected


def test_an_empty_draft_is_not_sent():
    assert code(rules.decide_submit("draft", content_hash="")) == "content_missing"
    assert code(rules.decide_submit("submitted", content_hash="h")) == "revision_locked"


@pytest.mark.parametrize("state", ["approved", "in_force", "retired", "dropped"])
def test_what_was_approved_is_never_dropped(state):
    assert code(rules.decide_drop(state)) == "revision_state"


def test_which_pairs_one_person_holds():
    used = rules.used_exceptions(author_ids={LAN}, checker_id=LAN, approver_id=LAN)

    assert used == {"author_checker", "author_approver", "checker_approver"}
    assert rules.used_exceptions(author_ids={LAN}, checker_id=TOAN, approver_id=HA) == frozenset()

"""Who may sign, by which certificate, and what the public is told: tables without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from nep.apps.documents import rules
from nep.apps.documents.rules._signing import is_of

NOW = datetime(2026, 12, 10, 3, 20, tzinfo=UTC)


def asked(**facts) -> rules.Signable:
    usual = {
        "state": "in_force", "is_frozen": True, "signatures": 0, "is_approver": True,
        "may_approve": False, "may_manage": False,
    }  # fmt: skip
    return rules.Signable(**{**usual, **facts})


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, ""), ({"state": "approved"}, ""), ({"is_approver": False, "may_approve": True}, ""),
        ({"is_approver": False, "may_manage": True}, ""), ({"is_approver": False}, "sign_right"),
        ({"state": "retired"}, "sign_state"), ({"state": "draft"}, "sign_state"),
        ({"is_frozen": False}, "sign_not_frozen"), ({"signatures": 20}, "sign_many"),
    ],
)  # fmt: skip
def test_who_signs_what(facts, code):
    assert getattr(rules.decide_sign(asked(**facts)), "code", "") == code


@pytest.mark.parametrize(
    ("signer", "name", "same"),
    [
        ("NGUYỄN THỊ THU HÀ", "Nguyễn Thị Thu Hà", True),
        ("Nguyễn Thị Thu Hà - Phó Giám đốc", "Nguyễn Thị Thu Hà", True),
        ("Nguyen Thi Thu Ha", "Nguyễn Thị Thu Hà", True),
        ("Nguyễn Thị Thu Hằng", "Nguyễn Thị Thu Hà", False),
        ("Thu Hà", "Nguyễn Thị Thu Hà", False),
        ("SỞ Y TẾ TỈNH LAM SƠN", "Sở Y tế", True),
        ("Ông Nguyễn Văn An (Chủ tịch)", "Nguyễn Văn An", True),
        ("Nguyễn Văn An Bình", "Nguyễn Văn An", False),
        ("Trần Nguyễn Văn An", "Nguyễn Văn An", False),
        ("Nguyễn Văn Ân", "Nguyễn Văn An", False),
        ("UBND xã Tân An Hội", "UBND xã Tân An", False),
        ("Văn phòng Sở Y tế", "Sở Y tế", False),
        ("bất kỳ ai", "", False),
    ],
)
def test_a_name_stands_whole_in_a_certificate(signer, name, same):
    assert is_of(signer, name) is same


@pytest.mark.parametrize(
    ("used_at", "minutes", "is_own", "code"),
    [
        (None, 30, True, ""), (None, -1, True, "room_over"), (NOW, 30, True, "room_used"),
        (None, 30, False, "room_unknown"),
    ],
)  # fmt: skip
def test_a_room_serves_once_its_owner_in_time(used_at, minutes, is_own, code):
    decision = rules.decide_room(
        used_at=used_at, ends_at=NOW + timedelta(minutes=minutes), is_own=is_own, now=NOW
    )
    assert getattr(decision, "code", "") == code


def test_what_is_seen_of_a_signature_names_hour_day_and_zone():
    lines, tags = rules.signature_look(
        signer="Nguyễn Thị Thu Hà", position="Phó Giám đốc", agency="Sở Y tế", at=NOW
    )
    assert lines == (
        "Nguyễn Thị Thu Hà", "Phó Giám đốc", "Sở Y tế", "Ký lúc 10:20:00 10/12/2026 +07:00",
    )  # fmt: skip
    assert tags == ("chu_ky:phe_duyet",)
    agency = rules.signature_look(signer="SỞ Y TẾ", position="x", agency="Sở Y tế", at=NOW)
    assert agency == (("SỞ Y TẾ", lines[-1]), ("chu_ky:co_quan",))


@pytest.mark.parametrize(
    ("state", "is_withdrawn", "is_last", "told"),
    [
        ("approved", False, True, "coming"), ("in_force", False, True, "holds"),
        ("retired", False, False, "replaced"), ("retired", True, True, "withdrawn"),
        ("retired", True, False, "replaced"), ("draft", False, True, ""),
        ("dropped", False, True, ""),
    ],
)  # fmt: skip
def test_what_the_public_is_told_of_a_state(state, is_withdrawn, is_last, told):
    assert rules.public_state(state, is_withdrawn=is_withdrawn, is_last=is_last) == told


def test_a_copy_is_the_issued_one_an_earlier_one_or_another():
    issued = {"issued": "c", "earlier": ["a", "b"]}

    assert [rules.compare_copy(one, **issued) for one in "cbx"] == ["same", "earlier", "other"]

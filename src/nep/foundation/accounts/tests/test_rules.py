"""Passwords, codes and locks as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from nep.foundation.accounts import rules
from nep.foundation.accounts.addresses import client_address, counting_key, is_trusted
from nep.foundation.accounts.queries import shipped_settings

POLICY = rules.policy_from({key: line["value"] for key, line in shipped_settings().items()})
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "has_totp", "is_allowed"),
    [
        ("Giay-To-Gon-26", False, True),
        ("Giay-To-Gon-2", False, False),  # 13 characters without a second factor
        ("Giay-To-2", True, True),
        ("Gon-26a", True, False),  # 7 characters
        ("giay-to-gon-gang-26", False, False),  # no upper case
        ("GIAY-TO-GON-GANG-26", False, False),  # no lower case
        ("Giay-To-Gon-Gang", False, False),  # no digit
        ("GiayToGonGang2026", False, False),  # no sign
        ("Nguyễn-Vạn-Phúc-26", False, True),
        ("Mailan-Giay-To-26", False, False),  # holds the log-in name
    ],
)
def test_a_password_is_judged_by_length_classes_and_name(password, has_totp, is_allowed):
    decision = rules.decide_password(password, username="mailan", has_totp=has_totp, policy=POLICY)

    assert bool(decision) is is_allowed
    if not is_allowed:
        assert decision.message.endswith(".")


@pytest.mark.parametrize(
    ("needs_totp", "has_totp", "is_trusted_network", "is_demonstration", "asked"),
    [
        (False, False, True, False, False),
        (True, False, True, False, True),  # an administrator
        (False, True, True, False, True),  # who chose it is asked for it
        (False, False, False, False, True),  # from the Internet
        (True, True, False, True, False),  # the sample
    ],
)
def test_the_second_factor_is_asked_of_administrators_and_from_the_internet(
    needs_totp, has_totp, is_trusted_network, is_demonstration, asked
):
    decided = rules.needs_second_factor(
        needs_totp=needs_totp,
        has_totp=has_totp,
        is_trusted_network=is_trusted_network,
        is_demonstration=is_demonstration,
        policy=POLICY,
    )

    assert decided is asked


@pytest.mark.parametrize(
    ("failures", "first", "counted", "lock_over", "after"),  # minutes ago; seconds ago
    [
        (0, 0, None, False, (1, 0)),
        (4, 14, 60, False, (5, 14)),
        (5, 14, 30, False, None),  # as many are looked at as may fail
        (5, 14, 31, False, (5, 14)),  # the server of one of them has died
        (5, 14, None, False, None),
        (5, 15, 1, False, None),
        (5, 16, 1, False, (1, 0)),  # what failed so long ago counts no more
        (5, 14, 60, True, (1, 0)),
        (5, -16, 1, False, (1, 0)),  # counted by a clock that was ahead and has been put right
    ],
)
def test_one_more_attempt_is_counted_before_it_is_looked_at(
    failures, first, counted, lock_over, after
):
    before = rules.Attempts(
        failures,
        NOW - timedelta(minutes=first),
        None if counted is None else NOW - timedelta(seconds=counted),
        NOW if lock_over else None,
    )
    found = rules.one_more(before, now=NOW, policy=POLICY)
    if after is None:
        assert found is None
    else:
        began = NOW - timedelta(minutes=after[1])
        assert found == rules.Attempts(after[0], began, NOW, None)


@pytest.mark.parametrize(
    ("minutes", "is_administrator", "locked"),
    [(14, False, False), (15, False, True), (4, True, False), (5, True, True)],
)
def test_a_resting_session_locks_sooner_for_administrators(minutes, is_administrator, locked):
    decided = rules.is_resting(
        last_active_at=NOW - timedelta(minutes=minutes),
        now=NOW,
        is_administrator=is_administrator,
        policy=POLICY,
    )

    assert decided is locked


@pytest.mark.parametrize(
    ("username", "is_allowed"),
    [("tranthilan", True), ("lan.tran@so", True), ("ab", False), ("Lan", False), ("lân", False)],
)
def test_log_in_names_are_plain(username, is_allowed):
    assert bool(rules.decide_username(username)) is is_allowed


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.1.1.9"),
        ("203.0.113.7", 0, "10.1.1.9"),  # nobody believes the header without a proxy of ours
        ("203.0.113.7", 1, "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7", 1, "203.0.113.7"),  # the caller's own claim is ignored
        ("1.2.3.4, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("rác", 1, "0.0.0.0"),
        ("fe80::1%eth0", 1, "fe80::1"),
        ("::ffff:10.1.1.9", 1, "10.1.1.9"),
    ],
)
def test_the_callers_address_is_what_our_own_proxies_saw(forwarded, proxies, expected):
    meta = {"REMOTE_ADDR": "10.1.1.9", "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(meta, proxies=proxies) == expected


def test_addresses_are_trusted_by_network_and_counted_by_prefix():
    assert is_trusted("10.1.2.3", ("10.0.0.0/8",))
    assert not is_trusted("203.0.113.7", ("10.0.0.0/8", "::1/128"))
    assert counting_key("2001:db8::1") == counting_key("2001:db8::ffff")
    assert counting_key("203.0.113.7") != counting_key("203.0.113.8")


def test_every_shipped_value_names_its_source_and_lies_inside_its_bounds():
    for key, line in shipped_settings().items():
        assert line["min"] <= line["value"] <= line["max"], key
        assert line["source"] and line["verified"], key
        own = line["source"].startswith("Quyết định của sản phẩm")
        assert line["verified"].startswith("không có căn cứ riêng" if own else "đã đọc"), key
        if "QCVN" in line["source"]:
            assert "đã đọc toàn văn QCVN" in line["verified"], key

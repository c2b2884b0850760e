"""The policy as tables; no database."""

from datetime import date

import pytest

from nep.apps.organization.rules import (
    PERMISSIONS,
    ROLE_NAMES,
    Actor,
    Hat,
    decide_appointment,
    decide_delegation,
    leads_unit,
    may,
    may_manage_agency,
    may_see_agency,
    permissions_of,
    setup_actor,
    split_key,
    wears,
)


def actor(*roles: str, agency_id: int = 1, province_id: int = 9, hats: tuple[Hat, ...] = ()):
    return Actor(
        person_id=5, user_id=6, name="Trần Thị Mai Lan", agency_id=agency_id,
        agency_name="Sở Khoa học và Công nghệ", roles=frozenset(roles), hats=hats,
        province_id=province_id,
    )  # fmt: skip


EXPECTED = {
    "case.accept": {"reception", "specialist"},
    "case.manage": {"unit_head", "leader"},
    "case.import": {"reception", "iso_secretary", "agency_admin"},
    "case.source": {"iso_secretary", "agency_admin"},
    "procedure.draft": {"iso_secretary", "specialist", "unit_head"},
    "procedure.check": {"unit_head", "qmr", "iso_secretary"},
    "procedure.approve": {"leader"},
    "organization.manage": {"agency_admin"},
    "account.manage": {"agency_admin"},
    "calendar.manage": {"agency_admin", "iso_secretary"},
    "figures.see": {"leader", "unit_head", "iso_secretary", "qmr", "viewer", "auditor"},
    "province.manage": {"province_admin"},
}


@pytest.mark.parametrize("permission", sorted(EXPECTED))
@pytest.mark.parametrize("role", sorted(ROLE_NAMES))
def test_each_role_holds_exactly_its_permissions(role, permission):
    assert bool(may(actor(role), permission)) == (role in EXPECTED[permission])


@pytest.mark.parametrize("role", sorted(set(ROLE_NAMES) - {"province_admin"}))
def test_everyone_inside_sees_cases_and_own_work(role):
    assert may(actor(role), "case.see")
    assert may(actor(role), "work.own")


def test_no_role_means_no_permission():
    assert not any(may(actor(), permission) for permission in PERMISSIONS)


def test_an_unknown_permission_is_refused():
    assert not may(actor(*ROLE_NAMES), "case.destroy")


def test_a_refusal_names_who_may():
    refused = may(actor("viewer"), "procedure.approve")

    assert refused.code == "not_permitted"
    assert "Lãnh đạo cơ quan" in refused.message
    assert "phê duyệt quy trình" in refused.message


@pytest.mark.parametrize(
    ("roles", "agency_id", "province_id", "seen"),
    [
        (("viewer",), 1, None, True),
        (("agency_admin",), 2, 9, False),
        (("province_admin",), 2, 9, True),
        (("province_admin",), 2, 8, False),
        (("province_admin",), 2, None, False),
        (("leader",), None, None, False),
    ],
)
def test_rows_of_other_agencies_are_seen_by_the_province_only(roles, agency_id, province_id, seen):
    decision = may_see_agency(actor(*roles), agency_id=agency_id, province_id=province_id)

    assert bool(decision) == seen


def test_an_administrator_manages_the_own_agency_only():
    admin = actor("agency_admin")

    assert may_manage_agency(admin, agency_id=1, permission="organization.manage")
    assert not may_manage_agency(
        admin, agency_id=2, province_id=9, permission="organization.manage"
    )


def test_installation_may_set_up_but_does_no_work():
    setup = setup_actor()

    assert may(setup, "province.manage")
    assert may(setup, "organization.manage")
    for permission in ("case.step", "case.see", "procedure.approve", "work.own"):
        assert not may(setup, permission)


def test_permissions_of_several_roles_add_up():
    both = permissions_of(frozenset({"viewer", "leader"}))

    assert both == permissions_of(frozenset({"viewer"})) | permissions_of(frozenset({"leader"}))


@pytest.mark.parametrize(
    ("key", "parts"),
    [("PKH/specialist", ("PKH", "specialist")), ("leader", ("", "leader")), ("/qmr", ("", "qmr"))],
)
def test_a_responsibility_key_is_unit_and_role(key, parts):
    assert split_key(key) == parts


def test_an_own_hat_goes_before_a_delegated_one():
    lent = Hat(1, 3, "PKH", "unit_head", acting_for=8, prefix="KT.")
    own = Hat(1, 3, "PKH", "unit_head")
    worn = actor("unit_head", hats=(lent, own))

    assert wears(worn, unit_id=3, role="unit_head") is own
    assert wears(worn, unit_id=4, role="unit_head") is None
    assert own.key == "PKH/unit_head"


def test_leading_is_by_unit_or_for_the_whole_agency():
    head = actor("unit_head", hats=(Hat(1, 3, "PKH", "unit_head"),))

    assert leads_unit(head, unit_id=3)
    assert not leads_unit(head, unit_id=4)
    assert leads_unit(actor("leader"), unit_id=4)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"role": "king"}, "role_unknown"),
        ({"has_unit": False}, "unit_missing"),
        ({"role": "leader", "has_unit": False}, None),
        ({"ends_on": date(2026, 1, 4)}, "period_reversed"),
        ({"ends_on": date(2026, 1, 5)}, None),
    ],
)
def test_appointments_are_refused_at_the_field_that_is_wrong(change, code):
    asked = {
        "role": "specialist", "has_unit": True, "starts_on": date(2026, 1, 5), "ends_on": None,
    }  # fmt: skip
    decision = decide_appointment(**{**asked, **change})

    assert getattr(decision, "code", None) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"receiver_id": 1}, "delegation_to_self"),
        ({"prefix": "TQ."}, "prefix_unknown"),
        ({"is_delegated": True}, "delegation_of_delegated"),
        ({"role": "agency_admin"}, "role_not_delegable"),
        ({"prefix": "TUQ."}, "document_missing"),
        ({"prefix": "TUQ.", "document": "12/GUQ ngày 01/12/2026"}, None),
        ({"ends_on": date(2026, 11, 30)}, "period_reversed"),
    ],
)
def test_delegation_keeps_the_decree(change, code):
    asked = {
        "giver_id": 1, "receiver_id": 2, "role": "unit_head", "prefix": "KT.", "document": "",
        "starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 5), "is_delegated": False,
    }  # fmt: skip
    decision = decide_delegation(**{**asked, **change})

    assert getattr(decision, "code", None) == code

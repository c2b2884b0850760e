"""Changes of agencies and people, through the services."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from nep.apps.organization import ports, queries, rules, services
from nep.apps.organization.models import Agency, Appointment, Delegation
from nep.apps.organization.tests.scene import NOW, SINCE
from nep.foundation.accounts.models import User
from nep.foundation.journal.models import JournalEntry
from nep.kernel.decisions import ALLOWED, Refused
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

TODAY = NOW.date()


def test_a_new_agency_is_found_by_any_of_its_codes(agency):
    services.agency_code_add(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        scheme="Mã trước 2025", code="000.00.18.H99",
    )  # fmt: skip

    assert queries.agency_by_code("h99.18").id == agency.agency_id
    assert queries.agency_by_code("000.00.18.H99").id == agency.agency_id
    with pytest.raises(NotFound):
        queries.agency_by_code("H99.77")


def test_two_agencies_never_share_a_code(agency):
    with pytest.raises(Refusal) as caught:
        services.agency_setup(
            actor=rules.setup_actor(), now=NOW, name="Sở khác", code="H99.18", kind="so",
            province="tỉnh Lam Sơn",
        )  # fmt: skip

    assert caught.value.code == "agency_code_taken"


def test_one_province_whatever_the_spelling_of_its_name(agency, other_agency):
    facts = {queries.agency(one.agency_id).province_id for one in (agency, other_agency)}

    assert len(facts) == 1


@pytest.mark.parametrize(
    ("texts", "code", "field"),
    [
        ({"name": "  "}, "missing", "name"),
        ({"name": "S" * 201}, "too_long", "name"),
        ({"case_code_mask": "{agency}-{yymmdd}"}, "mask_invalid", ""),
        ({"case_code_mask": "{kho}-{seq:04}"}, "mask_invalid", ""),
    ],
)
def test_wrong_settings_are_refused_in_words(agency, texts, code, field):
    with pytest.raises(Refusal) as caught:
        services.agency_change(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, version=1, **texts
        )

    assert caught.value.code == code
    assert caught.value.field == field


def test_a_change_of_settings_is_journaled_with_old_and_new(agency):
    services.agency_change(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, version=1,
        reception_name="Trung tâm Phục vụ hành chính công",
    )  # fmt: skip

    facts = queries.agency(agency.agency_id)
    entry = JournalEntry.objects.filter(action="agency.changed").get()
    assert facts.reception_name == "Trung tâm Phục vụ hành chính công"
    assert "Bộ phận Tiếp nhận" in entry.old
    assert "Trung tâm Phục vụ" in entry.new
    assert entry.actor_id == agency.people["admin"]


def test_the_second_of_two_editors_loses(agency):
    change = {"actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id}
    services.agency_change(**change, version=1, phone="0237 123")

    with pytest.raises(Conflict):
        services.agency_change(**change, version=1, phone="0237 456")

    assert queries.agency(agency.agency_id).phone == "0237 123"


def test_only_an_administrator_changes_the_agency(agency):
    with pytest.raises(Forbidden):
        services.unit_add(
            actor=agency.actor("lan"), now=NOW, agency_id=agency.agency_id, code="X", name="X"
        )


def test_another_agency_is_not_there(agency, other_agency):
    stranger = other_agency.actor("admin")
    common = {"actor": stranger, "now": NOW, "agency_id": agency.agency_id}
    hat = Appointment.objects.filter(person_id=agency.people["lan"]).get()

    with pytest.raises(NotFound):
        services.unit_add(**common, code="X", name="X")
    with pytest.raises(NotFound):
        services.person_add(**common, name="Người lạ")
    with pytest.raises(NotFound):
        services.appointment_end(
            **{**common, "agency_id": other_agency.agency_id},
            appointment_id=hat.id, ends_on=TODAY, reason="thử",
        )  # fmt: skip
    with pytest.raises(NotFound):
        services.person_account_reset(
            **{**common, "agency_id": other_agency.agency_id},
            person_id=agency.people["lan"], reason="thử",
        )  # fmt: skip


def test_the_province_sets_up_agencies_of_its_own_province_only(agency):
    agency.appoint("ha", "", "province_admin")
    keeper = agency.actor("ha")

    made = services.agency_setup(
        actor=keeper, now=NOW, name="UBND xã Tân Lập", code="H99.101", kind="xa",
        province="Tỉnh Lam Sơn",
    )  # fmt: skip
    services.unit_add(actor=keeper, now=NOW, agency_id=made, code="VP", name="Văn phòng")

    assert queries.agency(made).province == "tỉnh Lam Sơn"
    with pytest.raises(Refusal) as caught:
        services.agency_setup(
            actor=keeper, now=NOW, name="Sở nơi khác", code="H98.1", kind="so",
            province="tỉnh Khác",
        )  # fmt: skip
    assert caught.value.code == "province_other"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "<x>"}, "agency_code_form"),
        ({"code": "mã có dấu 123 !!"}, "agency_code_form"),
        ({"valid_from": date(2140, 1, 1)}, "day_far"),
        ({"website": "javascript:alert(1)"}, "website_form"),
        ({"website": "stp.lamson.gov.vn"}, ""),
        ({"website": "https://lamson.gov.vn/so-tu-phap?a=1", "code": "000.00.18.H99"}, ""),
    ],
)
def test_what_an_agency_is_set_up_with(agency, change, code):
    agency.appoint("ha", "", "province_admin")
    values = {"name": "UBND xã Tân Lập", "code": "H99.101", "kind": "xa",
              "province": "Tỉnh Lam Sơn", **change}  # fmt: skip
    if not code:
        services.agency_setup(actor=agency.actor("ha"), now=NOW, **values)
        return
    with pytest.raises(Refusal) as refused:
        services.agency_setup(actor=agency.actor("ha"), now=NOW, **values)
    assert refused.value.code == code


def test_an_agency_administrator_appoints_no_province_administrator(agency):
    with pytest.raises(Forbidden):
        services.appointment_start(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
            person_id=agency.people["lan"], role="province_admin", starts_on=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize("code", ["phòng 1", "a b", "-X", "Ê", ""])
def test_unit_codes_are_short_and_plain(agency, code):
    with pytest.raises(Refusal):
        services.unit_add(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, code=code, name="X"
        )


def test_a_unit_with_people_is_not_closed(agency):
    close = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "closed_on": TODAY, "reason": "Sắp xếp lại",
    }  # fmt: skip
    with pytest.raises(Refusal) as caught:
        services.unit_close(**close, unit_id=agency.units["PKH"])

    assert caught.value.code == "unit_has_people"
    assert "3 người" in caught.value.message


def test_an_empty_unit_closes_and_leaves_the_lists(agency):
    unit_id = agency.unit("TTR", "Thanh tra")
    services.unit_close(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, unit_id=unit_id,
        closed_on=TODAY, reason="Kết thúc hoạt động thanh tra sở",
    )  # fmt: skip

    assert "TTR" not in {unit.code for unit in queries.units_of(agency.agency_id)}


def test_a_unit_closes_on_no_day_to_come(agency):
    unit_id = agency.unit("TTR", "Thanh tra")
    with pytest.raises(Refusal, match="Đơn vị đóng từ hôm nay"):
        services.unit_close(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, unit_id=unit_id,
            closed_on=TODAY + timedelta(days=1), reason="Sắp xếp lại",
        )  # fmt: skip


def test_one_person_wears_hats_in_two_agencies(agency, other_agency):
    services.appointment_start(
        actor=rules.setup_actor(), now=NOW, agency_id=other_agency.agency_id,
        person_id=agency.people["lan"], role="auditor", starts_on=SINCE,
    )  # fmt: skip

    choices = queries.agencies_of(user_id=agency.users["lan"], today=TODAY)
    there = queries.actor_for(
        user_id=agency.users["lan"], agency_id=other_agency.agency_id, today=TODAY
    )
    assert [one.id for one in choices] == [agency.agency_id, other_agency.agency_id]
    assert there.roles == {"auditor"}
    assert agency.actor("lan").roles == {"specialist"}


def test_an_appointment_acts_on_its_days_only(agency):
    services.appointment_start(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        person_id=agency.people["huy"], role="unit_head", unit_id=agency.units["PKH"],
        starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31),
    )  # fmt: skip

    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1)]
    found = [
        "unit_head" in queries.actor_for(
            user_id=agency.users["huy"], agency_id=agency.agency_id, today=day
        ).roles
        for day in days
    ]  # fmt: skip
    assert found == [False, True, True, False]


def test_the_same_hat_is_not_given_twice_at_one_time(agency):
    hat = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "person_id": agency.people["lan"], "role": "specialist",
        "unit_id": agency.units["PKH"],
    }  # fmt: skip
    with pytest.raises(Refusal) as caught:
        services.appointment_start(**hat, starts_on=TODAY)

    assert caught.value.code == "appointment_overlap"
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            agency_id=agency.agency_id, person_id=agency.people["lan"],
            unit_id=agency.units["PKH"], role="specialist", starts_on=TODAY,
        )  # fmt: skip


def test_the_last_administrator_stays(agency):
    hat = Appointment.objects.get(person_id=agency.people["admin"])
    with pytest.raises(Refusal) as caught:
        services.appointment_end(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
            appointment_id=hat.id, ends_on=TODAY, reason="Chuyển công tác",
        )  # fmt: skip

    assert caught.value.code == "last_admin"


def test_who_holds_work_does_not_leave(agency, monkeypatch):
    asked = []

    def holds_three(leaving: ports.Leaving):
        asked.append(leaving)
        text = "Người này đang giữ 3 việc; hãy bàn giao trước khi kết thúc bổ nhiệm."
        return Refused("person_holds_work", text) if leaving.role == "specialist" else ALLOWED

    monkeypatch.setattr(ports, "_checks", [holds_three])
    hat = Appointment.objects.get(person_id=agency.people["lan"])
    with pytest.raises(Refusal) as caught:
        services.appointment_end(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
            appointment_id=hat.id, ends_on=TODAY, reason="Nghỉ hưu",
        )  # fmt: skip

    assert caught.value.code == "person_holds_work"
    assert asked[0].is_last_hat
    assert asked[0].unit_id == agency.units["PKH"]


def lend(agency, actor, receiver, **change):
    """Delegate the unit head's role to a person."""
    head = Appointment.objects.get(person_id=agency.people["toan"])
    asked = {
        "appointment_id": head.id, "receiver_id": agency.people[receiver], "prefix": "KT.",
        "starts_on": TODAY, "ends_on": TODAY + timedelta(days=4),
    }  # fmt: skip
    return services.delegation_start(
        actor=actor, now=NOW, agency_id=agency.agency_id, **{**asked, **change}
    )


def test_a_delegated_role_acts_within_its_days_with_its_prefix(agency):
    lend(agency, agency.actor("toan"), "lan")

    actor = agency.actor("lan")
    hat = rules.wears(actor, unit_id=agency.units["PKH"], role="unit_head")
    after = agency.actor("lan", now=NOW + timedelta(days=5))
    assert hat.acting_for == agency.people["toan"]
    assert hat.prefix == "KT."
    assert rules.may(actor, "procedure.check")
    assert not rules.may(after, "procedure.check")


def test_a_delegation_taken_back_acts_no_more(agency):
    delegation_id = lend(agency, agency.actor("toan"), "lan")
    services.delegation_end(
        actor=agency.actor("toan"), now=NOW, agency_id=agency.agency_id,
        delegation_id=delegation_id, reason="Đã đi làm lại",
    )  # fmt: skip

    assert "unit_head" not in agency.actor("lan").roles
    lines = queries.delegation_lines(agency_id=agency.agency_id, today=TODAY)
    assert [line.state for line in lines] == ["past"]


def test_a_delegation_ends_with_the_giver_appointment(agency):
    lend(agency, agency.actor("toan"), "lan")
    head = Appointment.objects.get(person_id=agency.people["toan"])
    services.appointment_end(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=head.id, ends_on=TODAY, reason="Điều động",
    )  # fmt: skip

    tomorrow = NOW + timedelta(days=1)
    assert "unit_head" in agency.actor("lan").roles
    assert "unit_head" not in agency.actor("lan", now=tomorrow).roles
    assert Delegation.objects.get().revoked_on == tomorrow.date()


@pytest.mark.parametrize(
    ("who", "receiver", "change", "code"),
    [
        ("lan", "huy", {}, "not_the_holder"),
        ("toan", "toan", {}, "delegation_to_self"),
        ("toan", "lan", {"prefix": "TUQ."}, "document_missing"),
        ("toan", "lan", {"ends_on": TODAY - timedelta(days=1)}, "period_reversed"),
        ("toan", "lan", {"starts_on": SINCE - timedelta(days=1)}, "delegation_outside"),
        (
            "toan",
            "lan",
            {"starts_on": TODAY - timedelta(days=9), "ends_on": TODAY - timedelta(days=1)},
            "delegation_past",
        ),
        ("toan", "lan", {"starts_on": TODAY - timedelta(days=1)}, "delegation_backdated"),
        ("toan", "lan", {"ends_on": TODAY.replace(year=TODAY.year + 70)}, "day_far"),
    ],
)
def test_delegations_that_are_refused(agency, who, receiver, change, code):
    with pytest.raises(Refusal) as caught:
        lend(agency, agency.actor(who), receiver, **change)

    assert caught.value.code == code


def test_people_of_other_agencies_receive_no_delegation(agency, other_agency):
    with pytest.raises(Refusal) as caught:
        lend(agency, agency.actor("toan"), "lan", receiver_id=other_agency.people["lan"])

    assert caught.value.code == "receiver_unknown"


def test_a_log_in_is_opened_once_and_its_password_works(agency):
    person_id = services.person_add(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, name="Vũ Hải Yến"
    )
    opened = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "person_id": person_id, "username": "yen.vu",
    }  # fmt: skip
    account = services.person_account_open(**opened)

    user = User.objects.get(pk=account.user_id)
    assert user.check_password(account.password)
    assert user.must_change_password
    with pytest.raises(Refusal) as caught:
        services.person_account_open(**opened)
    assert caught.value.code == "account_known"


def test_no_administrator_chooses_the_first_password_of_another(agency):
    person_id = services.person_add(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, name="Vũ Hải Yến"
    )
    with pytest.raises(Forbidden):
        services.person_account_open(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
            person_id=person_id, username="yen", password="Nep-nep-2026-nep",
        )  # fmt: skip


def test_administrators_need_a_second_factor_and_others_do_not(agency):
    agency.appoint("lan", "", "agency_admin")

    assert User.objects.get(pk=agency.users["lan"]).needs_totp
    hat = Appointment.objects.get(person_id=agency.people["lan"], role="agency_admin")
    services.appointment_end(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=hat.id, ends_on=TODAY, reason="Đổi phân công",
    )  # fmt: skip
    assert not User.objects.get(pk=agency.users["lan"]).needs_totp


def test_people_of_a_dead_agency_act_no_more(agency, other_agency):
    services.agency_close(
        actor=rules.setup_actor(), now=NOW, agency_id=agency.agency_id, valid_to=TODAY,
        reason="Hợp nhất theo nghị quyết",
    )  # fmt: skip
    services.succession_add(
        actor=rules.setup_actor(), now=NOW, predecessor_id=agency.agency_id,
        successor_id=other_agency.agency_id, on=TODAY, basis="Nghị quyết 1656/NQ-UBTVQH15",
    )  # fmt: skip

    tomorrow = TODAY + timedelta(days=1)
    assert queries.actor_for(user_id=agency.users["lan"], agency_id=None, today=TODAY)
    assert queries.actor_for(user_id=agency.users["lan"], agency_id=None, today=tomorrow) is None
    assert Agency.objects.filter(pk=agency.agency_id).exists()
    (line,) = queries.agency_successions(other_agency.agency_id)
    assert line.is_predecessor
    assert line.other_id == agency.agency_id


def lent(agency, giver: str, receiver: str) -> None:
    services.delegation_start(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=agency.hat(giver), receiver_id=agency.people[receiver], prefix="KT.",
        starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=30),
    )  # fmt: skip


def roles_on(agency, name: str, day: date) -> frozenset[str]:
    queries.forget()
    found = queries.actor_for(user_id=agency.users[name], agency_id=agency.agency_id, today=day)
    return found.roles if found else frozenset()


def test_who_works_here_no_more_acts_for_nobody(agency):
    lent(agency, "ha", "huy")
    last = NOW.date()
    services.appointment_end(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=agency.hat("huy"), ends_on=last, reason="Thôi việc",
    )  # fmt: skip

    assert "leader" in roles_on(agency, "huy", last)
    assert roles_on(agency, "huy", last + timedelta(days=1)) == frozenset()


def test_who_gives_up_one_of_two_roles_goes_on_acting(agency):
    lent(agency, "ha", "huy")
    given_up = agency.hat("huy")
    services.appointment_start(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        person_id=agency.people["huy"], role="viewer", starts_on=NOW.date(),
    )  # fmt: skip
    services.appointment_end(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=given_up, ends_on=NOW.date(), reason="Chuyển việc",
    )  # fmt: skip

    assert "leader" in roles_on(agency, "huy", NOW.date() + timedelta(days=1))


def test_a_delegate_acts_on_every_day_while_the_giver_changes_position(agency):
    lent(agency, "toan", "huy")
    day = NOW.date() + timedelta(days=10)
    services.appointment_follow(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=agency.hat("toan"), position="Quyền Trưởng phòng", starts_on=day,
        reason="QĐ 12",
    )  # fmt: skip

    days = [NOW.date(), day - timedelta(days=1), day, NOW.date() + timedelta(days=30)]
    assert all("unit_head" in roles_on(agency, "huy", one) for one in days)
    assert "unit_head" not in roles_on(agency, "huy", days[-1] + timedelta(days=1))


def test_an_end_is_not_put_off_over_the_next_appointment_of_the_role(agency):
    day = NOW.date() + timedelta(days=20)
    first = agency.hat("huy")
    end = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "appointment_id": first, "reason": "Theo quyết định",
    }  # fmt: skip
    services.appointment_end(**end, ends_on=day)
    held = Appointment.objects.get(pk=first)
    services.appointment_start(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        person_id=held.person_id, unit_id=held.unit_id, role=held.role,
        starts_on=day + timedelta(days=5),
    )  # fmt: skip

    with pytest.raises(Refusal) as caught:
        services.appointment_end(**end, ends_on=day + timedelta(days=9))
    services.appointment_end(**end, ends_on=day + timedelta(days=4))

    assert caught.value.code == "appointment_overlap"


def test_two_units_side_by_side_have_not_one_name(agency):
    admin = agency.actor("admin")
    beside = {"actor": admin, "now": NOW, "agency_id": agency.agency_id}
    with pytest.raises(Refusal) as twin:
        services.unit_add(**beside, code="PKH2", name="phòng  KẾ hoạch")
    below = services.unit_add(
        **beside, code="PKH3", name="Phòng Kế hoạch", parent_id=agency.units["PKH"]
    )
    other = services.unit_add(**beside, code="PKH4", name="Phòng Tài chính")
    with pytest.raises(Refusal) as renamed:
        services.unit_change(
            **beside, unit_id=other, version=1, name="Phòng Kế hoạch", is_reception=False
        )

    assert (twin.value.code, renamed.value.code) == ("unit_name_taken", "unit_name_taken")
    assert below != other


def test_nobody_has_held_a_role_longer_than_a_career(agency):
    ask = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "person_id": agency.people["lan"], "unit_id": agency.units["PKH"], "role": "auditor",
    }  # fmt: skip
    with pytest.raises(Refusal) as old:
        services.appointment_start(**ask, starts_on=date(1900, 1, 1))

    assert (old.value.code, old.value.field) == ("day_old", "starts_on")
    assert services.appointment_start(**ask, starts_on=date(1999, 9, 1))

"""Work of the agency itself, and results that are given on the spot."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CaseApplicant
from nep.apps.cases.tests.scene import NOW, TOUCHED, Office, broken, moment, office, with_procedure
from nep.apps.organization.tests.scene import department
from nep.kernel.errors import NotFound, Refusal
from tests.standing import kept


def build_inside() -> Office:
    return with_procedure(department(), is_internal=True, code="")


inside = kept(build_inside)


def opened(at: Office, who: str = "lan") -> Case:
    made = services.internal_start(
        actor=at.actor(who), now=NOW, tthc_id=at.tthc_id, subject="Mua máy in cho phòng",
    )  # fmt: skip
    return Case.objects.get(pk=made.id)


def test_a_unit_asks_for_internal_work_and_it_walks_like_any_case(inside: Office):
    case = opened(inside)

    assert (case.code, case.internal) == ("H99.18-NB-26-00001", True)
    assert case.applicant_mask == "Phòng Kế hoạch"
    assert not CaseApplicant.objects.exists()
    inside.walk(case, "")
    case.refresh_from_db()
    assert case.on_time == "truoc"
    assert broken(*TOUCHED) == []


def test_internal_work_stands_apart_and_never_on_the_portal(inside: Office):
    case = opened(inside)
    actor = inside.actor("ha")

    listed = {
        internal: [
            line.id
            for line in queries.cases_list(
                actor=actor, filter=queries.CaseFilter(internal=internal), now=NOW
            ).lines
        ]
        for internal in (True, False)
    }
    assert listed == {True: [case.pk], False: []}
    assert queries.figures(actor=actor, month=2026, now=NOW).total.received == 0
    assert queries.public_state(code=case.code) is None
    assert queries.public_case(lookup_key=case.lookup_key, now=NOW) is None
    with pytest.raises(NotFound):
        queries.receipt_data(actor=actor, case_id=case.pk)


def test_an_internal_procedure_takes_no_applicant_and_a_public_one_no_unit(at: Office):
    assert queries.suggestions(actor=at.actor("tuan"), query="", internal=True) == ()
    with pytest.raises(Refusal, match="có người nộp"):
        opened(at)


def test_the_counter_does_not_take_internal_work_in(inside: Office):
    assert queries.suggestions(actor=inside.actor("tuan"), query="") == ()
    with pytest.raises(Refusal, match="nội bộ"):
        inside.accept()


def test_internal_work_is_opened_in_the_browser(inside: Office):
    browser = Client()
    typed = {"tthc": inside.tthc_id, "subject": "Mua máy in cho phòng"}
    with time_machine.travel(NOW + timedelta(days=1)):
        inside.scene.sign_in(browser, "lan")
        refused = browser.post("/ho-so/noi-bo/", typed | {"subject": "ừ"})
        done = browser.post("/ho-so/noi-bo/", typed, follow=True)

    assert refused.status_code == 422
    assert "Phòng Kế hoạch" in done.content.decode()
    assert "Mua máy in cho phòng" in done.content.decode()
    assert Case.objects.filter(internal=True).count() == 1


def test_a_result_given_on_the_spot_has_no_receipt_and_no_promised_date(db):
    at = office(at_once=True)

    case = at.accept(now=moment(10, 16))

    assert (case.at_once, case.result_due_at, case.limit_amount) == (True, None, 10)
    with pytest.raises(NotFound, match="không lập giấy tiếp nhận"):
        queries.receipt_data(actor=at.actor("tuan"), case_id=case.pk)
    at.walk(case, "", now=moment(10, 16))
    case.refresh_from_db()
    assert case.on_time == ""
    assert broken(*TOUCHED) == []

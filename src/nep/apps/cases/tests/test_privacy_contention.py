"""What citizens send at once is kept once; what is held back in the instant of an erasure stays."""

import pytest

from nep.apps.cases.models import CaseApplicant, CaseErasure, CaseRating, CaseReport, ErasureRun
from nep.apps.cases.services import citizens, erasure
from nep.apps.cases.services import privacy as services
from nep.apps.cases.tests.scene import Office, office
from nep.apps.cases.tests.test_citizens import finished
from nep.apps.cases.tests.test_privacy import LATER
from nep.apps.organization.tests.scene import NOW
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at(transactional_db) -> Office:
    return office()


def test_a_rating_and_a_report_sent_many_times_at_once_are_kept_once(at):
    case = finished(at)

    def rate() -> None:
        citizens.case_rate(lookup_key=case.lookup_key, degree=4, remark="", now=NOW)

    def report() -> None:
        citizens.case_report(
            lookup_key=case.lookup_key, kind="fee", text="Thu thừa tiền của tôi.", now=NOW
        )

    said = at_once(rate, rate, rate, report, report, report)
    assert said[:3] == ["", "", ""]
    assert sorted(said[3:]) == ["", "report_open", "report_open"]
    assert (CaseRating.objects.get().changes, CaseReport.objects.count()) == (2, 1)


def test_a_case_held_in_the_instant_of_an_erasure_is_whole_or_gone(at):
    cases = [finished(at) for _ in range(3)]
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu",
    )  # fmt: skip
    erasure.erasure_decide(actor=at.actor("ha"), now=LATER, run_id=run_id, approves=True)

    def hold() -> None:
        services.hold_place(
            actor=at.actor("admin"), now=LATER, case_id=cases[2].pk, reason="Thanh tra"
        )

    def erase() -> None:
        erasure.erasure_run(run_id=run_id, now=LATER)

    at_once(hold, erase, erase)
    erased = set(CaseErasure.objects.values_list("case_id", flat=True))
    kept = set(CaseApplicant.objects.values_list("pk", flat=True))
    assert erased | kept == {case.pk for case in cases}
    assert not erased & kept
    assert ErasureRun.objects.get().erased == len(erased)

"""Joint work is counted once, for the agency and the person who did it, and opens its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from nep.apps.cases import services
from nep.apps.cases.models import JointStep
from nep.apps.cases.queries import finished
from nep.apps.cases.queries.joint_figures import JointFilter, joint_figures
from nep.apps.cases.rules.figures import month_bounds
from nep.apps.cases.tests.scene import OPINION, Office, moment, office
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department
from nep.apps.oversight import queries
from nep.apps.oversight.rules.periods import Period
from nep.apps.workcal import queries as workcal
from tests.standing import kept

ANSWER = "Đồng ý với phương án, kèm văn bản số 45"
NOW, MONTH = moment(31, 16), (202612, 202612)
LINK = re.compile(r'<a href="(/dieu-hanh/lien-thong/viec/[^"]+)">([\d.]+)</a>')


@pytest.fixture(autouse=True)
def nothing_remembered():
    organization.forget()
    workcal.forget()
    with time_machine.travel(NOW, tick=False):
        yield
    organization.forget()
    workcal.forget()


def build() -> tuple[Office, Scene]:
    """Two cases whose fourth step another agency answered, in time and late; both are finished."""
    at, other = office(table=OPINION), department(code="H99.30", name="Sở Xây dựng")
    for days in (1, 12):
        case = at.accept(now=moment(10, 8))
        for node, by in (("b1", "tuan"), ("b2", "lan"), ("b3", "toan")):
            at.complete(case, node, by=by, now=moment(10, 9))
        run = at.run(case, "b4")
        by = at.actor(next(key for key, pk in at.scene.people.items() if pk == run.person_id))
        joint = services.joint_open(actor=by, now=moment(10, 14), run_id=run.pk, asked="Quy hoạch")
        back = moment(10, 15) + timedelta(days=days)
        services.joint_answer(
            actor=other.actor("h9930.tuan"), now=back, joint_id=joint, answer=ANSWER
        )
        services.outside_returned(actor=by, now=back, run_id=run.pk)
        at.complete(case, "b5", by="ha", now=back)
    return at, other


both = kept(build)


def test_an_answer_is_counted_for_who_gave_it_and_for_nobody_else(both):
    at, other = both
    did, home = other.agency_id, at.scene.agency_id

    (given,) = joint_figures(wanted=JointFilter(MONTH, did=did)).values()
    assert (given.answered, given.in_time, given.late) == (2, 1, 1)
    assert given.minutes == sum(JointStep.objects.values_list("used_minutes", flat=True))
    assert joint_figures(wanted=JointFilter(MONTH, did=home), by="home") == {}
    assert joint_figures(wanted=JointFilter(MONTH, did=did), by="person") == {
        other.people["tuan"]: given
    }
    assert joint_figures(wanted=JointFilter((202611, 202611), did=did))[0].answered == 0
    people = finished.done_figures(agency_ids=[home], months=MONTH, by="person")
    assert people[(0,)]["steps"] == 2
    assert sum(row["steps"] for key, row in people.items() if key != (0,)) == 2 * 4
    assert finished.done_figures(agency_ids=[did], months=MONTH, by="person") == {}


def test_each_figure_of_both_sides_opens_its_rows_and_they_add_up(both, client):
    at, other = both
    for scene, by in ((at.scene, "ha"), (other, "h9930.ha")):
        scene.sign_in(client, by)
        text = client.get("/dieu-hanh/lien-thong/?nam=2026&phan=m12").content.decode()
        found = LINK.findall(text)
        assert [number for _, number in found] == ["2", "1", "1", "2", "1", "1"]
        for url, number in found:
            rows = client.get(unescape(url)).content.decode()
            assert f"<h1>{number} việc liên thông đã trả lời" in rows
            assert rows.count('<td data-l="Thời gian">') == int(number)
            assert "Nguyễn Văn An" not in rows
        for kind in ("xlsx", "pdf"):
            where = f"/dieu-hanh/lien-thong/?nam=2026&phan=m12&dang={kind}"
            assert client.get(where).status_code == 200


def test_answers_stand_on_the_sheet_of_who_gave_them(both, client):
    _, other = both
    page = queries.sheet_page(
        actor=other.actor("h9930.tuan", now=NOW), person_id=other.people["tuan"],
        period=Period(202612), now=NOW,
    )  # fmt: skip

    assert (page.counts["joint"], page.counts["joint_late"], page.counts["steps"]) == (2, 1, 0)
    other.sign_in(client, "h9930.tuan")
    where = f"/dieu-hanh/can-bo/phieu/{other.people['tuan']}/202612/"
    found = LINK.findall(client.get(where).content.decode())
    assert [number for _, number in found] == ["2", "1"]
    for url, number in found:
        assert f"<h1>{number} việc" in client.get(unescape(url)).content.decode()


def test_a_third_agency_and_a_stranger_open_none_of_it(both, client):
    at, other = both
    third = department(code="H99.31", name="Sở Y tế")
    third.sign_in(client, "h9931.ha")
    rows = "/dieu-hanh/lien-thong/viec/?tu=202612&den=202612"
    for asked in (f"lam={other.agency_id}", f"lam={other.agency_id}&cho={at.scene.agency_id}",
                  f"nguoi={other.people['tuan']}&lam={other.agency_id}"):  # fmt: skip
        assert client.get(f"{rows}&{asked}").status_code == 404, asked
    assert "<h1>0 việc" in client.get(rows).content.decode()
    other.sign_in(client, "h9930.lan")
    assert client.get(rows).status_code == 404
    assert client.get(f"{rows}&nguoi={other.people['tuan']}").status_code == 404
    assert client.get(f"{rows}&nguoi={other.people['lan']}").status_code == 200


def test_a_month_begins_and_ends_on_the_clock_of_vietnam():
    first, after = month_bounds((202612, 202612))

    assert (first, after) == (moment(1, 0), moment(1, 0, month=12).replace(year=2027, month=1))

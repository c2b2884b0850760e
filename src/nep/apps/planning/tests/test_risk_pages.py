"""The pages of risks and opportunities."""

import html
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import load_workbook

from nep.apps.cases.models import CaseFact, FactPending, StepRun
from nep.apps.cases.tests.scene import Office
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import queries
from nep.apps.planning.models import Risk, RiskScaleSetting
from nep.apps.planning.tests import scene
from nep.apps.workcal.services import day_rule_add
from tests.soon import LATER

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def go(agency, client):
    """Return a function that opens a page as somebody, or posts to it when values are given."""

    def post(by: str, place: str, **values):
        agency.scene.sign_in(client, by)
        return client.post(place, values) if values else client.get(place)

    return post


def finished(at: Office, *, late: int = 0, supplements: int = 0, month: int = 202612) -> int:
    """Write a finished case with its fact and steps, late in step three or supplemented."""
    case = at.accept()
    CaseFact.objects.create(
        case_id=case.pk, agency_id=at.scene.agency_id, month=month, received_month=month,
        tthc_id=case.tthc_id, channel="quay", word="tre" if late else "dung",
        late_by_indicator=bool(late), used_minutes=60, waited_applicant=0, waited_agency=0, bucket=1,
        supplements=supplements, steps=1, steps_late=late, reworks=0, returns=0,
    )  # fmt: skip
    return case.pk


def test_the_empty_register_leads_to_proposals_and_one_tap_takes_one(agency, go):
    shown = text(go("thu", "/rui-ro/"))
    offered = text(go("thu", "/rui-ro/goi-y/"))
    first = queries.proposals(agency_id=agency.scene.agency_id, today=NOW.date())[0]
    taken = go("thu", "/rui-ro/goi-y/dua-vao/", key=first.key)
    again = go("thu", "/rui-ro/goi-y/dua-vao/", key=first.key)

    assert "Chưa có rủi ro nào trong sổ" in shown
    assert "Xem gợi ý" in shown
    assert first.title in offered
    assert "Chờ đánh giá mức" in text(go("thu", taken["Location"]))
    assert again.status_code == 422
    assert first.title not in text(go("thu", "/rui-ro/goi-y/"))
    assert Risk.objects.get().source_key == first.key


def test_finished_cases_propose_with_their_rows_and_open_nothing_themselves(agency, go):
    today = date.today()
    month = today.year * 100 + today.month
    cases = [finished(agency, supplements=2, month=month) for _ in range(2)]
    finished(agency, month=month)
    offered = text(go("thu", "/rui-ro/goi-y/"))
    (found,) = queries.case_proposals(agency_id=agency.scene.agency_id, today=today)

    assert "2/3 hồ sơ phải bổ sung hơn một lần" in offered
    assert {row.id for row in found.rows} == set(cases)
    assert f"/ho-so/{cases[0]}/" in offered
    assert Risk.objects.count() == 0


def test_late_steps_of_finished_cases_are_proposed_at_their_step(agency):
    for number in range(4):
        case_id = finished(agency, late=1)
        case = CaseFact.objects.get(case_id=case_id).case
        run = agency.run(case, "b1")
        StepRun.objects.filter(pk=run.pk).update(
            late=number < 3, outcome="done", closed_at=NOW, running_since=None
        )
        type(case).objects.filter(pk=case_id).update(finished_at=NOW, status=9)
        from_pending(case_id)
    (found,) = queries.case_proposals(agency_id=agency.scene.agency_id, today=NOW.date())

    assert (found.source, found.step, len(found.rows)) == ("late_steps", 1, 3)
    assert "3/4 lượt" in found.told
    assert "Bước 1 (Tiếp nhận hồ sơ)" in found.title


def from_pending(case_id: int) -> None:
    """Let the figures count a fact that is not folded yet."""
    FactPending.objects.create(case_id=case_id)


def test_a_risk_is_led_over_its_pages_to_verified(agency, go, client):
    people = agency.scene.people
    (procedure,) = queries.procedure_choices(agency.scene.agency_id)
    form = {"title": "Hồ sơ dồn vào cuối tháng", "likelihood": 4, "impact": 4,
            "procedure_id": procedure[0], "step": 3, "owner_id": people["lan"]}  # fmt: skip
    half = go("lan", "/rui-ro/moi/", **{**form, "impact": ""})
    strange = go("lan", "/rui-ro/moi/", **{**form, "clause": "99.99"})
    assert strange.status_code == 422
    assert "Tiêu chuẩn không có điều này." in text(strange)
    place = go("lan", "/rui-ro/moi/", **form)["Location"]
    acted = go(
        "lan", place + "hanh-dong/", title="Nhắc nộp sớm", owner_id=people["lan"], due_on=LATER
    )
    early = go(
        "qmr", place + "kiem-tra/", note="Đã xem sổ.", likelihood=1, impact=4, review_on=LATER
    )
    row = Risk.objects.get()
    scene.done_and_checked(agency, scene.Action.objects.get().pk)
    offered = text(go("qmr", place))
    go("qmr", place + "kiem-tra/", note="Cuối tháng không còn dồn.", likelihood=1, impact=4,
       review_on=LATER)  # fmt: skip
    shown = text(go("lan", place))

    assert half.status_code == 422
    assert "cả hai bậc" in text(half)
    assert acted.status_code == 302
    assert early.status_code == 422
    assert "chưa xong" in text(early)
    assert (row.product, row.level, row.step_text) == (16, "high", "Bước 3, Thẩm định hồ sơ")
    assert "Đã có tác dụng, ghi mức còn lại" in offered
    assert "Đã kiểm tra ứng phó: Hồ sơ dồn vào cuối tháng" in shown
    assert "1 × 4 = 4" in shown
    assert "Nhắc nộp sớm" in text(go("thu", "/rui-ro/phong-ngua/"))


def test_days_proposed_for_a_risk_are_days_on_which_the_agency_works(agency, go):
    first = queries.proposals(agency_id=agency.scene.agency_id, today=NOW.date())[0]
    risk = go("thu", "/rui-ro/goi-y/dua-vao/", key=first.key)["Location"]
    usual = go("thu", risk).context["rate_form"].initial["due_on"]
    day_rule_add(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.scene.agency_id, on=usual,
        kind="closure", name="Mất điện", reason="Sửa đường điện cả khu",
    )  # fmt: skip
    moved = go("thu", risk).context["rate_form"].initial["due_on"]

    assert usual >= date.today() + timedelta(days=30)
    assert moved > usual
    assert {usual.weekday(), moved.weekday()} & {5, 6} == set()


def test_the_matrix_counts_and_its_cells_filter(agency, go):
    scene.opened(agency, steps=(4, 5))
    scene.opened(agency, steps=(1, 2), title="Máy in hết mực")
    shown = text(go("thu", "/rui-ro/"))
    cell = text(go("thu", "/rui-ro/?o=4x5"))

    assert "2 rủi ro đang theo dõi, 1 ở mức cao" in shown
    assert 'href="?o=4x5"' in shown
    assert "Hồ sơ dồn" in cell
    assert "Máy in hết mực" not in cell


def test_the_register_is_given_as_sheet_and_papers(agency, go):
    risk_id = scene.opened(agency)
    scene.brought(agency, risk_id, "verified")
    scene.opened(agency, kind="opportunity", title="Ký số tại quầy", steps=(4, 4))
    rows = load_workbook(
        io.BytesIO(go("thu", "/rui-ro/so.xlsx").content)
    ).get_sheet_by_index(0).to_python()  # fmt: skip
    word = Document(io.BytesIO(go("thu", "/rui-ro/so.docx").content))
    said = " ".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    prevented = Document(io.BytesIO(go("thu", "/rui-ro/phong-ngua/bang.docx").content))
    cells = [c.text for table in prevented.tables for row in table.rows for c in row.cells]

    assert rows[1][:2] == ["RR 01/2026", "Hồ sơ dồn vào cuối tháng"]
    assert len(rows) == 2
    for words in ("3 × 4 = 12, trung bình", "Nhắc người dân nộp sớm (28/12/2026)", "Trần Thị Mai Lan",
                  "1 × 4 = 4, thấp", "Cuối tháng không còn dồn"):  # fmt: skip
        assert words in said
    assert "Nhắc người dân nộp sớm" in cells
    assert go("thu", "/co-hoi/so.pdf").content.startswith(b"%PDF")
    assert go("thu", "/rui-ro/so.zip").status_code == 404


def test_the_scale_is_shown_with_its_mark_and_set(agency, go):
    shown = text(go("thu", "/rui-ro/thang/"))
    bad = go("thu", "/rui-ro/thang/dat/", method="qualitative", medium_from=6, high_from=4)
    go("thu", "/rui-ro/thang/dat/", method="qualitative", medium_from=2, high_from=6)

    assert shown.count("chưa xác minh") == 2
    assert bad.status_code == 422
    assert RiskScaleSetting.objects.get().method == "qualitative"
    assert "Đặt lại ngưỡng" not in text(go("dga", "/rui-ro/thang/"))


def test_pages_ask_the_same_few_questions_however_long(
    agency, client, django_assert_max_num_queries
):
    for number in range(5):
        scene.opened(agency, title=f"Rủi ro thứ {number}", steps=(number + 1, 3))
    risk_id = scene.opened(agency)
    scene.brought(agency, risk_id, "verified")
    finished(agency, supplements=2)
    finished(agency, supplements=2)
    agency.scene.sign_in(client, "thu")
    for place in ("/rui-ro/", "/co-hoi/", "/rui-ro/goi-y/", "/rui-ro/thang/", "/rui-ro/phong-ngua/",
                  f"/rui-ro/{risk_id}/", reverse("planning:risk_new")):  # fmt: skip
        client.get(place)
        with django_assert_max_num_queries(15):
            assert client.get(place).status_code == 200

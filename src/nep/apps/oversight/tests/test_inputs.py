"""Figures entered by hand: what is not known is never nought; editions stay; formulas by month."""

import io
import re

import pytest
import time_machine
from python_calamine import load_workbook

from nep.apps.cases.services.citizens import case_rate
from nep.apps.cases.tests.scene import Office, moment, office
from nep.apps.organization import queries as organization
from nep.apps.organization import rules as organization_rules
from nep.apps.oversight import queries, services
from nep.apps.oversight.models import FormulaEdition, InputEdition
from nep.apps.oversight.rules.inputs import resolve
from nep.apps.oversight.rules.periods import Period, period_in, period_of_months, read_period
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, Refusal
from tests.standing import kept

NOW = moment(30, 9)
MONTH, QUARTER, YEAR = Period(202612), Period(20264), Period(2026)
SOURCE = "Báo cáo số 45/BC-VP ngày 05/12/2026"
HERE = "/dieu-hanh/chi-so-766/so-lieu/?nam=2026&phan=m12"


@pytest.fixture(autouse=True)
def nothing_remembered():
    organization.forget()
    with time_machine.travel(NOW, tick=False):
        yield
    organization.forget()


def build() -> Office:
    """A department with one finished case, and a secretary of the quality system."""
    found = office()
    found.scene.person("thu", "Vũ Thị Thư", ("PKH", "iso_secretary", ""))
    found.scene.person("tinh", "Lê Văn Tỉnh", ("", "province_admin", ""))
    case = found.accept(now=moment(11, 8))
    found.walk(case, "b5", now=moment(11, 8))
    return found


at = kept(build)


def enter(at: Office, values, *, period=MONTH, by="thu", source=SOURCE) -> int:
    return services.inputs_enter(
        actor=at.actor(by, now=NOW), now=NOW, period=period, values=values, source=source
    )


def known(at: Office, period: Period) -> dict[str, int]:
    page = queries.input_page(actor=at.actor("thu", now=NOW), period=period, now=NOW)
    return {line.name: line.value for line in page.lines if line.value is not None}


@pytest.mark.parametrize(
    ("period", "entered", "upto", "found"),
    [
        (MONTH, {}, 202612, None),
        (MONTH, {202612: 0}, 202612, 0),
        (QUARTER, {202610: 1, 202611: 2}, 202612, None),
        (QUARTER, {202610: 1, 202611: 2}, 202611, 3),
        (QUARTER, {202610: 1, 202611: 2, 202612: 4}, 202701, 7),
        (YEAR, {20261: 1, 20262: 1, 20263: 1, 20264: 5}, 202701, 8),
        (YEAR, {20261: 1, 20262: 1, 202607: 1, 202608: 1, 202609: 1, 20264: 5}, 202701, 10),
        (YEAR, {2026: 50, 20261: 1}, 202701, 50),
        (YEAR, {202601: 1}, 202601, 1),
        (YEAR, {202601: 1}, 202602, None),
    ],
)
def test_a_sum_of_some_months_is_not_the_sum_of_the_year(period, entered, upto, found):
    assert resolve(period, entered, upto=upto) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [("2026", 2026), ("20264", 20264), ("202611", 202611), ("2026-11", 202611), ("20265", None),
     ("202613", None), ("0999", None), ("²026", None), ("", None), ("2" * 5000, None)],
)  # fmt: skip
def test_only_a_real_period_is_one(text, value):
    found = read_period(text)

    assert (found.value if found else None) == value


@pytest.mark.parametrize("value", [2026, 20261, 20264, 202601, 202612])
def test_a_period_is_found_again_by_its_months_and_its_part(value):
    period = Period(value)

    assert period_of_months(period.months) == period
    assert period_in(period.year, period.part) == period
    assert period_of_months(period.before.months) == period.before
    assert all(part.year == period.year for part in period.parts)


def test_a_figure_is_entered_with_its_source_and_every_edition_stays(at, client):
    assert enter(at, {"payable": 40, "paid_online": 10}) == 2
    assert enter(at, {"payable": 42, "paid_online": 10}, source="Đối soát lại, 06/12") == 1
    assert known(at, MONTH) == {"payable": 42, "paid_online": 10}
    assert enter(at, {"paid_online": None}, source="Nhập nhầm đơn vị khác") == 1
    assert known(at, MONTH) == {"payable": 42}

    rows = InputEdition.objects.order_by("name", "edition")
    assert list(rows.values_list("name", "edition", "value")) == [
        ("paid_online", 1, 10), ("paid_online", 2, None), ("payable", 1, 40), ("payable", 2, 42),
    ]  # fmt: skip
    assert JournalEntry.objects.filter(action="figures.inputs_entered").count() == 3
    at.scene.sign_in(client, "thu")
    text = client.get(HERE).content.decode()
    for words in ("Tháng 12/2026 còn", "Đối soát lại, 06/12", "rút lại", "chưa có số liệu"):
        assert words in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"values": {"payable": -1}}, "value_out_of_bounds"),
        ({"values": {"ended": 9}}, "input_unknown"),
        ({"values": {"la": 9}}, "input_unknown"),
        ({"values": {"payable": 1}, "source": " "}, "source_missing"),
        ({"values": {"payable": None}}, "inputs_unchanged"),
        ({"values": {"payable": 1}, "period": Period(202701)}, "period_ahead"),
    ],
)
def test_what_cannot_be_entered(at, change, code):
    with pytest.raises(Refusal) as caught:
        enter(at, change.pop("values"), **change)
    assert caught.value.code == code
    assert InputEdition.objects.count() == 0


def test_who_may_enter(at, client):
    for by in ("lan", "toan", "tuan"):
        with pytest.raises(Forbidden):
            enter(at, {"payable": 1}, by=by)
    at.scene.sign_in(client, "toan")
    assert "Ghi số liệu" not in client.get(HERE).content.decode()


def test_the_indicator_has_a_value_only_when_all_its_figures_are_known(at, client):
    at.scene.sign_in(client, "thu")
    where = "/dieu-hanh/chi-so-766/?nam=2026&phan=m12"
    assert "chưa có số liệu: hồ sơ thanh toán trực tuyến" in client.get(where).content.decode()

    posted = client.post(HERE, {"payable": "40", "paid_online": "10", "source": SOURCE})
    assert posted.status_code == 302
    text = client.get(where).content.decode()

    assert "chưa có số liệu: hồ sơ thanh toán trực tuyến" not in text
    assert "25%" in text and "2,5" in text
    assert "nhập tay" in text
    wrong = client.post(HERE, {"payable": "41", "paid_online": "10", "source": ""})
    assert wrong.status_code == 422
    assert 'value="41"' in wrong.content.decode()


def rated(at: Office, *degrees: int) -> None:
    """Let citizens rate as many finished cases, on the day of now."""
    for degree in degrees:
        case = at.accept(now=moment(11, 8))
        at.walk(case, "b5", now=moment(11, 8))
        case_rate(lookup_key=case.lookup_key, degree=degree, remark="", now=NOW)


def test_what_citizens_said_is_proposed_with_its_source_and_used_only_once_entered(at, client):
    rated(at, 5, 2, 1, 3)
    at.scene.sign_in(client, "thu")
    where = "/dieu-hanh/chi-so-766/?nam=2026&phan=m12"
    text = client.get(where).content.decode()
    assert "Nếp đo được" in text and known(at, MONTH) == {}
    (rows,) = re.findall(r'href="(/ho-so/danh-gia/[^"]+)">2</a>', text)
    ratings = client.get(rows.replace("&amp;", "&")).content.decode()
    assert ratings.count('<td data-l="Mức">') == 2
    assert "Các đánh giá mức không hài lòng trở xuống" in ratings

    (take,) = set(re.findall(r'href="([^"]+dung=complained)#nhap"', text))
    form = client.get(take.replace("&amp;", "&")).content.decode()
    source = "Nếp đếm: 2 đánh giá không hài lòng trong 4 đánh giá của người dân, tháng 12/2026"
    assert 'name="complained" value="2"' in form and f'value="{source}"' in form
    assert known(at, MONTH) == {}
    assert client.post(HERE, {"complained": "2", "source": source}).status_code == 302
    assert known(at, MONTH) == {"complained": 2}
    assert "dung=complained" not in client.get(where).content.decode()


def test_a_typed_figure_stays_beside_what_is_measured_and_both_are_exported(at, client):
    rated(at, 1)
    enter(at, {"complained": 7})
    at.scene.sign_in(client, "thu")
    where = "/dieu-hanh/chi-so-766/?nam=2026&phan=m12"
    text = client.get(HERE).content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{where}&dang=xlsx").content))
    rows = {row[1]: row for row in book.get_sheet_by_name("Số liệu đầu vào").to_python()}

    assert known(at, MONTH) == {"complained": 7}
    assert "Nếp đo được" in text and "dung=complained" in text
    used, source, measured, told = rows["complained"][2:6]
    assert (used, measured) == (7, 1)
    assert source.startswith(SOURCE) and told.startswith("Nếp đếm: 1 đánh giá không hài lòng")
    assert rows["ended"][2:4] == [2, "đếm từ từng hồ sơ"]
    assert rows["payable"][2:4] == ["", ""]
    assert client.get(f"{where}&dang=pdf").status_code == 200


def test_nobody_rated_proposes_nothing(at, client):
    at.scene.sign_in(client, "thu")

    assert "Nếp đo được" not in client.get(HERE).content.decode()


def formulas(at: Office, client) -> dict[str, str]:
    """Return the page of formulas as a browser would post it back."""
    at.scene.sign_in(client, "tinh")
    page = queries.formula_page(actor=at.actor("tinh", now=NOW))
    posted = {"from_month": "202612", "reason": "Quyết định của tỉnh số 5"}
    for place, row in enumerate(page.content["indicator"]):
        for name, value in row.items():
            posted[f"r{place}-{name}"] = "1" if value is True else str(value)
    posted["inputs"] = "\n".join(
        f"{name}: {label}" for name, label in page.content["inputs"].items()
    )
    return posted


def test_the_province_sets_formulas_from_a_month_on_and_earlier_periods_keep_theirs(at, client):
    where = "/dieu-hanh/chi-so-766/cong-thuc/"
    posted = formulas(at, client)
    posted["inputs"] += "\nhai_long: Phiếu hài lòng\nphieu: Phiếu khảo sát"
    posted |= {
        "r6-code": "6", "r6-group": "Khảo sát", "r6-label": "Hài lòng qua phiếu",
        "r6-part": "hai_long", "r6-whole": "phieu", "r6-full": "90", "r6-max": "5",
        "r6-source": "Quyết định của tỉnh", "r6-verified": "S", "r6-points_verified": "S",
    }  # fmt: skip

    for wrong in ({"r6-part": "hai_long * 2"}, {"r6-part": "khong_co"}, {"from_month": "2026"},
                  {"from_month": "202512"}, {"reason": ""}, {"inputs": "không có dấu hai chấm"}):  # fmt: skip
        assert client.post(where, posted | wrong).status_code == 422, wrong
    assert FormulaEdition.objects.count() == 0
    assert client.post(where, posted).status_code == 302

    province = organization.agency(at.scene.agency_id).province_id
    now, before = (
        queries.formulas_for(province_id=province, period=Period(month))
        for month in (202612, 202611)
    )
    assert [one.code for one in now[1]][-1] == "6"
    assert (now[2], before[2]) == (1, 0)
    assert "6" not in [one.code for one in before[1]]
    enter(at, {"hai_long": 9, "phieu": 20})
    at.scene.sign_in(client, "thu")
    text = client.get("/dieu-hanh/chi-so-766/?nam=2026&phan=m12").content.decode()
    assert "Hài lòng qua phiếu" in text and "45%" in text and "lần ban hành 1" in text


def test_only_the_province_sets_formulas(at, client):
    at.scene.sign_in(client, "ha")
    assert client.get("/dieu-hanh/chi-so-766/cong-thuc/").status_code == 403
    with pytest.raises(Forbidden):
        services.formulas_set(
            actor=at.actor("ha", now=NOW), now=NOW, content={}, from_month=202612, reason="Lý do"
        )
    assert "province_admin" in organization_rules.PERMISSIONS["province.manage"]

"""A TTHC with several procedures in force: the words of the steps decide, or it is asked."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.cases import services
from nep.apps.cases.models import Case, FedImport
from nep.apps.cases.services import fed
from nep.apps.cases.tests.scene import DAYS, Office, limit
from nep.apps.cases.tests.test_fed_import import (
    CODE,
    HEADS,
    NOW,
    OPEN,
    as_csv,
    bring,
    in_force_since,
    looked,
    office_since_january,
)
from nep.apps.cases.tests.test_fed_import import at as at  # the office of that file
from nep.apps.documents.models import Revision
from nep.apps.procedures import services as procedures
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.tests.scene import bring_into_force
from tests.standing import kept

AGAIN = Table(
    "qt-cap-lai",
    "Cấp lại giấy phép",
    (
        Step("b1", "Tiếp nhận hồ sơ", "MC/reception", limit(2)),
        Step("b2", "Đối chiếu sổ gốc", "PKH/specialist", limit(4)),
        Step("b3", "Ký giấy phép", "LD/leader", limit(4)),
        Step("b4", "Trả kết quả", "MC/reception", untimed=True),
    ),
)


def build_both(at: Office) -> dict[str, str]:
    """The permit and its second variant, both in force; their codes by name."""
    made = procedures.procedure_create(
        actor=at.actor("lan"), tthc_id=at.tthc_id, variant="Cấp lại do mất", now=NOW,
        draft=Draft(AGAIN, Decimal(10), DAYS),
    )  # fmt: skip
    bring_into_force(at.scene, made.revision_id)
    in_force_since(date(2026, 1, 5))
    codes = dict(Revision.objects.values_list("pk", "document__code"))
    return {"first": codes[at.revision_id], "again": codes[made.revision_id]}


both = kept(build_both, on=office_since_january)


def row(case: str, step: str, hour: int, **more) -> list[str]:
    start, end = f"14/12/2026 {hour:02}:00", f"14/12/2026 {hour:02}:30"
    return [case, more.get("tthc", CODE), step, "Trần Thị Mai Lan", start, end, ""]


def procedure_of(code: str) -> str:
    return Case.objects.get(code=code).procedure_text.split()[0]


def test_the_one_procedure_that_knows_the_steps_is_taken(at, both):
    tally = bring(at, [
        row("C1", "Tiếp nhận hồ sơ", 8), row("C1", "Đối chiếu sổ gốc", 9),
        row("C2", "Tiếp nhận hồ sơ", 8), row("C2", "Thẩm định hồ sơ", 9),
        row("C3", "Thẩm định hồ sơ", 8), row("C3", "Chụp ảnh thẻ", 9),
    ])  # fmt: skip

    assert (tally["cases"], tally["refused"], tally["unmatched"]) == (3, [], 1)
    assert [procedure_of(code) for code in ("C1", "C2", "C3")] == [
        both["again"], both["first"], both["first"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "steps", [["Tiếp nhận hồ sơ"], ["Ký giấy phép", "Trả kết quả"], ["Chụp ảnh thẻ"],
              ["Đối chiếu sổ gốc", "Thẩm định hồ sơ"]],
)  # fmt: skip
def test_what_fits_both_or_neither_is_asked_and_not_guessed(at, both, steps):
    rows = [row("C1", step, 8 + n) for n, step in enumerate(steps)]

    tally = bring(at, [*rows, row("C2", "Đối chiếu sổ gốc", 8)])

    assert tally["cases"] == 1
    assert [one["row"] for one in tally["refused"]] == list(range(2, 2 + len(steps)))
    for said in (both["first"], both["again"], "Cấp lại do mất", "2 quy trình đang áp dụng"):
        assert said in tally["refused"][0]["reason"]
    assert not Case.objects.filter(code="C1").exists()


@pytest.mark.parametrize("name", ["again", "Cấp lại do mất", "cap lai do mat"])
def test_the_whole_file_may_name_the_procedure_by_code_or_by_case(at, both, name):
    tally = bring(at, [row("C1", "Tiếp nhận hồ sơ", 8)], variant=both.get(name, name))

    assert (tally["cases"], procedure_of("C1")) == (1, both["again"])


def test_a_column_names_the_procedure_row_by_row(at, both):
    heads = [*HEADS, "Mã quy trình"]
    rows = [
        [*row("C1", "Tiếp nhận hồ sơ", 8), both["again"]],
        [*row("C2", "Tiếp nhận hồ sơ", 8), both["first"]],
        [*row("C3", "Tiếp nhận hồ sơ", 8), "QT-99"],
    ]

    tally = bring(at, rows, heads=heads)

    assert (procedure_of("C1"), procedure_of("C2")) == (both["again"], both["first"])
    assert [one["row"] for one in tally["refused"]] == [4]


def test_a_case_once_taken_stays_with_its_procedure(at, both):
    bring(at, [row("C1", "Đối chiếu sổ gốc", 9)])

    tally = bring(at, [row("C1", "Đối chiếu sổ gốc", 9), row("C1", "Ký giấy phép", 10)])

    assert (tally["events"], tally["refused"]) == (1, [])
    assert procedure_of("C1") == both["again"]


def test_the_page_asks_and_the_answer_brings_the_file_in(at, both, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    imported = looked(at, as_csv([row("C1", "Tiếp nhận hồ sơ", 8)]))
    at.scene.sign_in(client, "tuan")
    address = reverse("cases:fed_map", args=[imported.pk])
    columns = {f"cot-{place}": name for name, place in imported.columns.items()}

    asked = client.post(address, columns, follow=True).content.decode()
    told = client.post(address, {**columns, "variant": both["again"]}, follow=True)

    assert "2 quy trình đang áp dụng" in asked
    assert "Quy trình của cả tệp" in asked
    assert "Nhập được 1 lần xử lý của 1 hồ sơ" in told.content.decode()
    imported = FedImport.objects.get(pk=imported.pk)
    assert imported.variant == both["again"]
    services.fed_start(actor=at.actor("tuan"), now=NOW, import_id=imported.pk)
    fed.fed_run(import_id=imported.pk, now=NOW)
    assert procedure_of("C1") == both["again"]


def test_one_procedure_alone_asks_nothing(at, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    imported = looked(at, as_csv(OPEN))
    at.scene.sign_in(client, "tuan")

    page = client.get(reverse("cases:fed_file", args=[imported.pk])).content.decode()

    assert "Quy trình của cả tệp" not in page

"""From a file on the page to cases in the list, in the hands of who may import."""

import argparse
import json
from datetime import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.cases import queries
from nep.apps.cases.models import Case, CasePause, FedImport, StepRun
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import fed
from nep.apps.cases.tests.scene import Office, office
from nep.apps.cases.tests.test_fed_import import FULL, HEADS, NOW, OPEN, as_csv, in_force_since
from nep.apps.organization.tests.scene import SINCE
from nep.apps.workcal import queries as workcal
from nep.config.commands import import_cases
from nep.kernel.vietnamese import VN
from tests.standing import kept


def office_since_the_beginning() -> Office:
    with time_machine.travel(NOW, tick=False):
        found = office()
        in_force_since(SINCE)
    return found


kept_office = kept(office_since_the_beginning)


@pytest.fixture
def at(kept_office):
    with time_machine.travel(NOW, tick=False):
        yield kept_office


def uploaded(at: Office, client, data: bytes, name: str = "mot-cua.csv"):
    at.scene.sign_in(client, "tuan")
    return client.post("/ho-so/nhap/", {"file": SimpleUploadedFile(name, data)})


def columns_posted(row: FedImport, **changes) -> dict[str, str]:
    places = {place: field for field, place in row.columns.items()}
    found = {f"cot-{place}": places.get(place, "") for place in range(len(row.heads))}
    return {**found, "tthc": "", **changes}


def test_a_file_goes_from_upload_to_the_list_of_cases(at, client):
    answer = uploaded(at, client, as_csv([*FULL, *OPEN, ["X9", "", "Ký", "A", "x", "", ""]]))
    row = FedImport.objects.get()
    assert answer.url == f"/ho-so/nhap/{row.pk}/"

    page = client.get(answer.url).content.decode()
    assert "Cột nào là gì?" in page
    assert "Hoàng Minh Tuấn" in page

    answer = client.post(f"{answer.url}cot/", columns_posted(row))
    page = client.get(answer.url).content.decode()
    assert "Nhập được 7 lần xử lý của 2 hồ sơ" in page
    assert "Không đọc được bắt đầu “x”." in page
    assert Case.objects.count() == 0

    client.post(f"/ho-so/nhap/{row.pk}/bat-dau/")
    assert "Chờ đến lượt" in client.get(answer.url).content.decode()
    part = client.get(answer.url, headers={"HX-Request": "true", "HX-Target": "tien-do"})
    assert b"<html" not in part.content and b"tien-do" in part.content

    fed.fed_run(import_id=row.pk, now=NOW)
    part = client.get(answer.url, headers={"HX-Request": "true", "HX-Target": "tien-do"})
    assert part["HX-Refresh"] == "true"
    assert "Đã nhập 7 lần xử lý của 2 hồ sơ" in client.get(answer.url).content.decode()
    listed = client.get("/ho-so/?nguon=fed").content.decode()
    assert "X1" in listed and "X2" in listed
    assert "mot-cua.csv" in client.get("/ho-so/nhap/").content.decode()


def test_a_fed_case_has_its_page_and_slip_and_no_step_to_do_here(at, client):
    fed.import_cases(actor=at.actor("tuan"), now=NOW, files=[("a.csv", as_csv([*FULL, *OPEN]))])
    at.scene.sign_in(client, "toan")

    for code in ("X1", "X2"):
        case = Case.objects.get(code=code)
        page = client.get(f"/ho-so/{case.pk}/")
        assert page.status_code == 200
        assert code in page.content.decode()
        assert f"/ho-so/{case.pk}/buoc/" not in page.content.decode()
        for raw in ("step_opened", "step_completed", "fed_note", "Người nộp: ."):
            assert raw not in page.content.decode()
        slip = client.get(f"/ho-so/{case.pk}/phieu-kiem-soat.pdf")
        assert slip.content.startswith(b"%PDF-")
        assert slip["Content-Type"] == "application/pdf"


def test_one_meaning_for_two_columns_is_said_at_the_column(at, client):
    uploaded(at, client, as_csv(OPEN))
    row = FedImport.objects.get()

    answer = client.post(f"/ho-so/nhap/{row.pk}/cot/", columns_posted(row, **{"cot-6": "case"}))

    assert answer.status_code == 422
    assert "“Mã hồ sơ” đã chọn cho cột" in answer.content.decode()


def test_a_file_that_is_no_table_is_refused_beside_the_field(at, client):
    answer = uploaded(at, client, b"%PDF-1.7", "a.pdf")

    assert answer.status_code == 422
    assert "không phải CSV hay Excel" in answer.content.decode()
    assert uploaded(at, client, b"", "a.csv").status_code == 422


def test_hostile_cells_are_shown_as_text(at, client):
    heads = [*HEADS[:-1], "<script>alert(1)</script>"]
    answer = uploaded(at, client, as_csv([["<img src=x>", *OPEN[0][1:]]], heads=heads))

    page = client.get(answer.url).content.decode()
    assert "<script>alert(1)" not in page and "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_who_may_not_import_is_turned_away_and_another_agency_finds_nothing(
    at, client, other_agency
):
    uploaded(at, client, as_csv(OPEN))
    row = FedImport.objects.get()

    at.scene.sign_in(client, "lan")
    assert client.get("/ho-so/nhap/").status_code == 403
    other_agency.sign_in(client, "h9920.tuan")
    assert client.get(f"/ho-so/nhap/{row.pk}/").status_code == 404
    assert client.post(f"/ho-so/nhap/{row.pk}/bat-dau/").status_code == 404


@pytest.mark.parametrize("status", [statuses.RUNNING, statuses.SUPPLEMENT])
def test_a_case_older_than_the_calendars_is_opened_like_any_other(at, client, status):
    case, old = at.accept(now=NOW), datetime(2021, 3, 2, 9, tzinfo=VN)
    Case.objects.filter(pk=case.pk).update(
        received_at=old, accepted_at=old, origin="fed", status=status, result_due_at=old,
        paused_since=None if status == statuses.RUNNING else old,
    )  # fmt: skip
    StepRun.objects.filter(case=case).update(opened_at=old, running_since=old, due_at=None)
    CasePause.objects.create(
        case=case, kind="supplement", policy="stop", reason="Thiếu giấy", started_at=old,
        ended_at=NOW if status == statuses.RUNNING else None,
    )  # fmt: skip
    at.scene.sign_in(client, "lan")

    page = client.get(f"/ho-so/{case.pk}/")
    assert page.status_code == 200 and case.code in page.content.decode()
    why = client.get(reverse("cases:result_explanation", args=[case.pk]))
    assert why.status_code == 200


def test_papers_have_only_the_two_known_forms(at, client):
    case = at.accept(now=NOW)
    at.scene.sign_in(client, "lan")

    for name in ("giay-hen", "phieu-kiem-soat"):
        assert client.get(f"/ho-so/{case.pk}/{name}.pdf").status_code == 200
        word = client.get(f"/ho-so/{case.pk}/{name}.docx")
        assert word.content[:2] == b"PK" and "attachment" in word["Content-Disposition"]
        assert client.get(f"/ho-so/{case.pk}/{name}.exe").status_code == 404
    assert client.get(f"/ho-so/{case.pk}/phieu-bo-sung.pdf").status_code == 404


def test_the_command_prints_what_came_of_it(at, tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([*OPEN, ["", "", "", "", "x", "", ""]]))
    parser = argparse.ArgumentParser()
    import_cases.add_arguments(parser)
    asked = [str(path), "--agency", "H99.18", "--as", "h9918.tuan", "--json"]

    code = import_cases.run(parser.parse_args(asked))
    first = json.loads(capsys.readouterr().out)
    import_cases.run(parser.parse_args(asked))
    second = json.loads(capsys.readouterr().out)

    assert code == 1
    assert list(first) == ["cases", "events", "matched", "unmatched", "unchanged", "refused"]
    assert (first["cases"], first["events"]) == (1, 2)
    assert first["refused"] == [{"row": 4, "reason": "Không đọc được bắt đầu “x”."}]
    assert (second["events"], second["unchanged"]) == (0, 2)


def test_between_two_steps_only_those_after_the_last_are_to_come(at):
    fed.import_cases(
        actor=at.actor("tuan"), now=NOW, files=[("tep.csv", as_csv([FULL[0], FULL[2]]))]
    )
    case = Case.objects.get(code="X1")

    page = queries.case_page(
        actor=at.actor("lan"), case_id=case.pk, now=NOW,
        calendar=workcal.calendar_for(at.scene.agency_id),
    )  # fmt: skip

    assert [(line.kind, line.number) for line in page.steps] == [
        ("done", 1), ("late", 3), ("next", 4), ("next", 5),
    ]  # fmt: skip

"""Files put into a watched folder come in by themselves and move with their report."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from nep.apps.cases.models import Case, FedImport
from nep.apps.cases.services.sources import source_close, source_create
from nep.apps.cases.tests.test_fed_import import FULL, NOW, as_csv
from nep.apps.organization.models import AgencyCode
from nep.apps.organization.rules import FORMER_CODE, setup_actor
from nep.apps.organization.services import agency_identify
from nep.apps.organization.tests.scene import other_department
from nep.foundation.outbox.worker import drain
from nep.integrations.watched_folder.inbound import look_into


@pytest.fixture
def source(at):
    return source_create(actor=at.actor("admin"), now=NOW, name="Một cửa: thư mục", way="folder")


@pytest.fixture
def folder(source, tmp_path):
    look_into(tmp_path, now=NOW)
    return tmp_path / "H99.18" / "mot-cua-thu-muc"


def put(folder, name: str, data: bytes, *, age: int = 60):
    path = folder / name
    path.write_bytes(data)
    moment = NOW.timestamp() - age
    os.utime(path, (moment, moment))
    return path


def round_(tmp_path, minutes: int = 0):
    now = NOW + timedelta(minutes=minutes)
    look_into(tmp_path, now=now)
    drain(now=now)


def names(folder) -> list[str]:
    return sorted(one.name.split("-", 2)[-1] for one in folder.iterdir() if one.is_file())


def test_a_resting_file_is_taken_and_moves_with_its_report(folder, tmp_path):
    put(folder, "thang-12.csv", as_csv(FULL))
    put(folder, "dang-ghi.csv", as_csv(FULL), age=3)

    round_(tmp_path)
    assert Case.objects.count() == 1
    round_(tmp_path)

    assert [one.name for one in folder.iterdir() if one.is_file()] == ["dang-ghi.csv"]
    assert names(folder / "xong") == ["thang-12.csv", "thang-12.csv.bao-cao.json"]
    report = next((folder / "xong").glob("*.json"))
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["cases"], told["events"], told["refused"]) == (1, 5, [])


def test_a_folder_under_a_former_code_is_looked_into_while_it_stands(folder, at, tmp_path):
    agency_identify(
        actor=setup_actor(), now=NOW, agency_id=at.scene.agency_id, version=1, name="Sở", code="H99.81",
        kind="so", valid_from=date(2026, 1, 5), reason="Đổi mã.", keeps_code=True,
    )  # fmt: skip
    AgencyCode.objects.create(agency_id=at.scene.agency_id, scheme=FORMER_CODE, code="../ngoai")
    (tmp_path.parent / "ngoai" / folder.name).mkdir(parents=True)
    put(folder, "cu.csv", as_csv(FULL))
    round_(tmp_path)
    round_(tmp_path, minutes=1)

    assert not (folder / "cu.csv").exists()
    assert any(name.endswith("cu.csv") for name in names(folder / "xong"))
    assert (tmp_path / "H99.81" / folder.name).is_dir()
    assert list((tmp_path.parent / "ngoai" / folder.name).iterdir()) == []


def test_what_cannot_be_read_moves_aside_with_the_reason(folder, tmp_path):
    put(folder, "hong.xlsx", b"PK\x03\x04 broken")
    put(folder, "la.csv", b"A,B\n1,2\n")

    round_(tmp_path)

    assert names(folder / "loi") == [
        "hong.xlsx", "hong.xlsx.bao-cao.json", "la.csv", "la.csv.bao-cao.json",
    ]  # fmt: skip
    told = [json.loads(one.read_text("utf-8")) for one in (folder / "loi").glob("*.json")]
    assert all(one["message"].endswith(".") for one in told)
    assert FedImport.objects.count() == 0


def test_stopped_at_any_moment_nothing_comes_in_twice_or_is_lost(folder, tmp_path):
    path = put(folder, "a.csv", as_csv(FULL))
    look_into(tmp_path, now=NOW)  # handed over, then the machine stops before the import
    look_into(tmp_path, now=NOW)
    assert (FedImport.objects.count(), path.exists()) == (1, True)
    drain(now=NOW)
    report = folder / "xong" / f"{NOW:%Y%m%d-%H%M%S}-a.csv.bao-cao.json"
    report.write_text("nửa chừng", encoding="utf-8")  # stopped between report and move

    look_into(tmp_path, now=NOW)

    assert (FedImport.objects.count(), Case.objects.count(), path.exists()) == (1, 1, False)
    assert json.loads(report.read_text(encoding="utf-8"))["cases"] == 1


def test_links_hidden_files_and_folders_of_sources_switched_off_are_left(
    at, source, folder, tmp_path
):
    secret = tmp_path / "bi-mat.csv"
    secret.write_bytes(as_csv(FULL))
    (folder / "a.csv").symlink_to(secret)
    put(folder, ".b.csv", as_csv(FULL))
    round_(tmp_path)
    assert FedImport.objects.count() == 0

    source_close(actor=at.actor("admin"), now=NOW, source_id=source.source_id)
    put(folder, "c.csv", as_csv(FULL))
    round_(tmp_path)

    assert (folder / "c.csv").exists()


def test_a_full_queue_of_one_agency_does_not_stop_another(at, tmp_path, settings):
    other = other_department()
    for agency, name in ((at, "Thư mục A"), (at, "Thư mục B"), (other, "Thư mục C")):
        source_create(actor=agency.actor("admin"), now=NOW, name=name, way="folder")
    look_into(tmp_path, now=NOW)
    first, second = sorted((tmp_path / "H99.18").iterdir())
    (third,) = (tmp_path / "H99.20").iterdir()
    put(first, "a.csv", as_csv(FULL))
    look_into(tmp_path, now=NOW)
    settings.NEP = replace(settings.NEP, intake_queue_rows=1)
    put(first, "a2.csv", as_csv(FULL) + b"\n")
    put(second, "b.csv", as_csv(FULL))
    put(third, "c.csv", as_csv(FULL))
    look_into(tmp_path, now=NOW)

    taken = FedImport.objects.order_by("id").values_list("agency_id", "name")
    assert list(taken) == [(at.scene.agency_id, "a.csv"), (other.agency_id, "c.csv")]


def test_a_file_with_a_name_of_another_encoding_stops_nobody(folder, tmp_path):
    bad = os.fsencode(folder) + b"/b\xe1o c\xe1o.csv"
    with open(bad, "wb") as out:
        out.write(as_csv(FULL))
    moment = NOW.timestamp() - 90
    os.utime(bad, (moment, moment))
    put(folder, "thang-12.csv", as_csv(FULL))
    round_(tmp_path)
    round_(tmp_path)
    assert Case.objects.count() == 1


def test_a_file_with_a_long_name_moves_on(folder, tmp_path):
    name = "Danh sách hồ sơ " + "ở" * 75 + ".csv"
    assert len(name.encode()) <= 255
    put(folder, name, as_csv(FULL))
    for _ in range(3):
        round_(tmp_path)
    assert not [one for one in folder.iterdir() if one.is_file()]

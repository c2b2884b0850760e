"""The evidence pack: gathered by the worker, whole without the server, silent about nothing."""

import hashlib
import html
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from nep.apps.conformity import queries, services
from nep.apps.conformity.models import EvidencePack, PackFile
from nep.apps.conformity.rules import pack as law
from nep.apps.documents import queries as documents
from nep.apps.documents.models import Document, KeptPaper
from nep.apps.documents.services import papers_catch_up
from nep.apps.organization.tests.scene import NOW
from nep.apps.reviews import services as reviews
from nep.apps.reviews.tests import scene as review_scene
from nep.foundation.db.doctor import examine
from nep.foundation.files import queries as files
from nep.foundation.files.services import path_of
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.foundation.printing.texts import text_of
from nep.kernel.errors import NotFound, Refusal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def made(agency, **change) -> EvidencePack:
    values = {"year": NOW.year, "statements": {"consultant": "Không thuê tư vấn."}, **change}
    pack_id = services.pack_start(actor=agency.actor("thu"), now=NOW, **values)
    drain(now=LATER)
    return EvidencePack.objects.get(pk=pack_id)


def opened(row: EvidencePack) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(files.read(row.file_id)))


def checked(*arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)], capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_worker_gathers_every_point_in_the_order_of_the_law(agency):
    row = made(agency)

    told = json.loads(opened(row).read(law.MANIFEST))
    assert (row.state, row.place) == (law.DONE, 13)
    assert [one["number"] for one in told["points"]] == [
        *(f"36.1 ({n})" for n in range(1, 8)), *(f"36.2 ({n})" for n in range(1, 7))
    ]  # fmt: skip
    assert told["points"][12]["statement"] == "Không thuê tư vấn."
    folders = {path.partition("/")[0] for path in opened(row).namelist() if "/" in path}
    assert folders >= {"1-1-pham-vi", "1-3-tuan-thu"}
    empty = {one["folder"] for one in told["points"] if not one["files"]}
    assert "2-5-cong-bo-lai" in empty  # an empty register is no evidence
    assert empty.isdisjoint(folders)
    assert row.sha256 == hashlib.sha256(files.read(row.file_id)).hexdigest()
    assert [one.action for one in JournalEntry.objects.filter(object_type="evidence_pack")] == [
        "pack.asked", "pack.made"
    ]  # fmt: skip


def test_the_checker_inside_names_each_missing_changed_and_unknown_file(agency, tmp_path):
    row = made(agency)
    archive = tmp_path / "goi.zip"
    archive.write_bytes(files.read(row.file_id))
    folder = tmp_path / "goi"
    opened(row).extractall(folder)
    whole = checked(folder / law.CHECKER)
    packed = checked(folder / law.CHECKER, archive)
    told = json.loads((folder / law.MANIFEST).read_text())["files"]
    paths = sorted(one["path"] for one in told if one["point"])
    gone, altered = folder / paths[-1], folder / paths[-2]
    gone.unlink()
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    (folder / "la.txt").write_text("x")
    broken = checked(folder / law.CHECKER)

    assert whole[0] == packed[0] == 0
    assert "NGUYÊN VẸN" in whole[1]
    assert broken[0] == 1
    assert f"THIẾU      {paths[-1]}" in broken[1]
    assert f"BỊ SỬA     {paths[-2]}" in broken[1]
    assert "TỆP LẠ     la.txt" in broken[1]
    assert "1 tệp thiếu, 1 tệp bị sửa, 1 tệp lạ" in broken[1]


@pytest.mark.parametrize("path", [law.INDEX_HTML, law.CHECKER])
def test_a_changed_index_or_checker_is_named_too(agency, tmp_path, path):
    opened(made(agency)).extractall(tmp_path)
    (tmp_path / path).write_bytes((tmp_path / path).read_bytes() + b"\n")

    code, said = checked(tmp_path / law.CHECKER)

    assert code == 1
    assert f"BỊ SỬA     {path}" in said


def test_a_pack_that_cannot_be_read_is_told_apart(tmp_path):
    checker = Path(services.__file__).with_name("_pack_checker.py")
    (tmp_path / "hong.zip").write_bytes(b"PK")

    assert checked(checker, tmp_path / "hong.zip")[0] == 2
    assert checked(checker, tmp_path)[0] == 2


def test_the_index_is_read_without_the_server_and_links_to_every_file(agency):
    archive = opened(made(agency))
    page = html.unescape(archive.read(law.INDEX_HTML).decode())

    for one in PackFile.objects.all():
        assert f'href="{one.path}"' in page
        assert one.sha256 in page
    assert "http" not in page.replace("http-equiv", "")
    assert archive.read(law.INDEX_PDF).startswith(b"%PDF")


def test_papers_of_a_review_lie_in_the_pack_as_they_are_kept(agency):
    agency.scene.person("giam", "Vũ Đức Giám", ("LD", "leader", "Giám đốc"))
    review_id = review_scene.prepared(agency.scene)
    review_scene.brought(agency.scene, review_id, "approved")
    reviews.review_deposit(actor=agency.actor("thu"), review_id=review_id, now=NOW)

    row = made(agency)

    kept = PackFile.objects.filter(pack=row, point="review", path__endswith=".pdf")
    assert sorted(one.title.partition(" ")[0] for one in kept) == ["Biên", "Đầu"]
    assert all(one.title.count("XX 01/") == 1 for one in kept)
    names = opened(row).namelist()
    assert all(one.path in names for one in kept)


def test_papers_of_procedures_lie_in_the_pack_as_they_were_kept(agency, tmp_path):
    papers_catch_up(now=NOW)
    kept = KeptPaper.objects.select_related("word", "pdf", "revision__document").get()

    row = made(agency)

    opened(row).extractall(tmp_path)
    code = kept.revision.document.code
    held = {one.path: one.sha256 for one in PackFile.objects.filter(title__startswith=f"{code} ")}
    assert {path.rpartition(".")[2]: digest for path, digest in held.items()} == {
        "docx": kept.word.sha256, "pdf": kept.pdf.sha256,
    }  # fmt: skip
    for path, digest in held.items():
        assert path.startswith("1-3-tuan-thu/tai-lieu/")
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == digest
    (tmp_path / path).write_bytes(b"%PDF")
    assert f"BỊ SỬA     {path}" in checked(tmp_path / law.CHECKER)[1]


def test_a_paper_that_is_not_kept_is_told_wherever_the_pack_is_read(agency, client, tmp_path):
    unkept = Document.objects.get(kind="procedure", status="in_force")

    folder, row = tmp_path / "goi", made(agency)

    title, why = (
        f"{unkept.code} {unkept.title}",
        "bản in của lần ban hành này chưa kịp lưu, hãy lập lại gói sau",
    )
    told = json.loads(opened(row).read(law.MANIFEST))["points"][2]["left_out"]
    assert told == [{"title": title, "why": why}]
    opened(row).extractall(folder)
    printed = text_of((folder / law.INDEX_PDF).read_bytes(), name="x.pdf")
    agency.scene.sign_in(client, "thu")
    shown = html.unescape(client.get(f"/bang-chung/goi/{row.pk}/").content.decode())
    code, said = checked(folder / law.CHECKER)
    assert (code, f"KHÔNG KÈM  {title} ({why})" in said) == (0, True)
    assert f"{title} ({why})" in html.unescape((folder / law.INDEX_HTML).read_text())
    assert why in " ".join(printed.split())
    assert why in shown and "1 mục không có tệp trong gói" in shown


def test_of_what_is_restricted_only_the_number_is_told(agency):
    papers_catch_up(now=NOW)
    ask = {"agency_id": agency.scene.agency_id}
    before = documents.files_in_force(**ask, limit=9)
    Document.objects.update(level="restricted")

    after = documents.files_in_force(**ask, limit=9)

    assert [one.ending for one in before.files] == ["pdf", "docx"]
    assert (before.without, before.restricted) == ((), 0)
    assert (after.files, after.without, after.restricted) == ((), (), 1)


def test_documents_beyond_the_limit_are_told(agency):
    (one,) = documents.files_in_force(agency_id=agency.scene.agency_id, limit=0).without

    assert one.why == "quá 0 tài liệu"


def test_a_file_damaged_on_the_disk_stops_the_pack_by_name(agency):
    papers_catch_up(now=NOW)
    kept = KeptPaper.objects.select_related("pdf", "revision__document").get()
    path_of(kept.pdf.sha256).write_bytes(b"%PDF")

    row = made(agency)
    path_of(kept.pdf.sha256).unlink()

    assert (row.state, row.file_id) == (law.FAILED, None)
    assert kept.revision.document.code in row.fault


def test_one_pack_at_a_time_of_a_year_the_agency_has_seen(agency):
    ask = {"actor": agency.actor("thu"), "statements": {}, "now": NOW}
    for year in (NOW.year + 1, NOW.year - 9):
        with pytest.raises(Refusal) as refusal:
            services.pack_start(year=year, **ask)
        assert refusal.value.code == "pack_year"
    services.pack_start(year=NOW.year, **ask)
    with pytest.raises(Refusal) as refusal:
        services.pack_start(year=NOW.year, **ask)

    assert refusal.value.code == "pack_building"


def test_a_pack_whose_asker_has_left_says_so_and_makes_room_for_another(agency, monkeypatch):
    pack_id = services.pack_start(actor=agency.actor("thu"), year=NOW.year, statements={}, now=NOW)
    EvidencePack.objects.update(asked_by_id=agency.scene.people["lan"])
    drain(now=LATER)

    row = EvidencePack.objects.get(pk=pack_id)
    assert (row.state, "không còn quyền" in row.fault) == (law.FAILED, True)
    assert made(agency).state == law.DONE


def test_pages_show_how_far_it_is_and_give_the_archive(
    agency, client, django_assert_max_num_queries
):
    agency.scene.sign_in(client, "thu")
    empty = html.unescape(client.get("/bang-chung/goi/").content.decode())
    place = client.post("/bang-chung/goi/", {"year": str(NOW.year)})["Location"]
    begun = html.unescape(client.get(place).content.decode())
    early = client.get(place + "tai/")
    drain(now=LATER.replace(year=2099))
    ended = html.unescape(client.get(place).content.decode())
    given = client.get(place + "tai/")

    assert "Chưa lập gói bằng chứng nào" in empty
    assert "Đang gom bằng chứng: 0%" in begun
    assert early.status_code == 404
    assert "điểm chưa có gì" in ended
    assert given["Content-Type"] == "application/zip"
    assert given["Content-Length"] == str(len(b := given.getvalue()))
    assert hashlib.sha256(b).hexdigest() in ended
    with django_assert_max_num_queries(15):
        client.get(place)


def test_doctor_sees_a_pack_that_is_not_what_was_written_down(agency):
    row = made(agency)
    assert [found for _, found in examine(parts=("conformity_packs",)) if found] == []
    EvidencePack.objects.update(sha256="0" * 64)
    PackFile.objects.filter(pack=row, point="scope").update(sha256="1" * 64)

    told = {one.code for _, found in examine(parts=("conformity_packs",)) for one in found}

    assert told == {"pack_hash", "pack_file_hash"}


def test_another_agency_finds_no_pack(agency, other_agency):
    row = made(agency)

    with pytest.raises(NotFound):
        queries.pack_page(actor=other_agency.actor("toan"), pack_id=row.pk)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Sổ rủi ro", "f/so-rui-ro.pdf"),
        ("../../etc/passwd", "f/etc-passwd.pdf"),
        ("…", "f/tep.pdf"),
        ("Đã có", "f/da-co-2.pdf"),
    ],
)
def test_a_file_lies_under_plain_letters_in_its_own_folder(title, path):
    point = law.Point("k", "1", "f", "t")

    assert law.file_path(point, title, "pdf", ["f/da-co.pdf"]) == path

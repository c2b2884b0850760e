"""Server time of the procedure workbench on the demonstration; nothing that it writes stays.

`NEP_DATA=FOLDER python3 dev.py bench workbench [NAME…]` reads the demonstration that lies in the
folder (by default the one of `dev.py run`). Each measure is a function of its own, named in
`MEASURES`. Printed: median and worst wall time and processor time of a request. Goal of the
editor: ≤ 100 ms for 60 steps; of the coverage of 2,000 TTHC: ≤ 150 ms; of the whole import: ≤ 60 s;
of the library of 100 adopters × 200 procedures: ≤ 150 ms.
"""

import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from nep.apps.adoption.models import Adoption, ModelEdition, ModelProcedure  # noqa: E402
from nep.apps.catalogue.models import Entry  # noqa: E402
from nep.apps.catalogue.queries import tally  # noqa: E402
from nep.apps.catalogue.services import ImportWish, import_files  # noqa: E402
from nep.apps.documents.models import Document, Revision  # noqa: E402
from nep.apps.organization.models import Agency, Person  # noqa: E402
from nep.apps.organization.queries import has_demonstration  # noqa: E402
from nep.apps.organization.rules import setup_actor  # noqa: E402
from nep.apps.procedures import queries, services  # noqa: E402
from nep.apps.procedures.models import Definition, Procedure, Tthc  # noqa: E402
from nep.apps.procedures.rules.draft import Draft, graph_text  # noqa: E402
from nep.apps.procedures.rules.edits import Edit  # noqa: E402
from nep.apps.procedures.rules.table import Branch, Step, Table  # noqa: E402
from nep.bpmn import Limit  # noqa: E402
from nep.demonstration import facts  # noqa: E402
from nep.demonstration.procedures import actor_of, actor_with  # noqa: E402

LOGIN, GIVER, TAKER = "stp.thukyiso", "tinh.quantri", "sn.thukyiso"
ADOPTERS, MODELS = 100, 200
STEPS = 60
ROUNDS = 15
COVERED = 2000
ROLES = ("MC/reception", "BTTP/unit_head", "BTTP/specialist", "leader")


def timed(act: Callable[[int], object], rounds: int = ROUNDS) -> dict[str, float]:
    """Return median and worst wall and median processor milliseconds of an action."""
    wall, work = [], []
    act(0)
    for place in range(1, rounds + 1):
        began, busy = time.perf_counter(), time.process_time()
        act(place)
        wall.append((time.perf_counter() - began) * 1000)
        work.append((time.process_time() - busy) * 1000)
    return {
        "ms": round(statistics.median(wall), 1),
        "worst_ms": round(max(wall), 1),
        "cpu_ms": round(statistics.median(work), 1),
    }


def long_table() -> Table:
    """Return sixty steps of four roles, every fifth with a way back, two side by side."""
    steps = []
    for place in range(1, STEPS + 1):
        branches = ()
        if place % 5 == 0:
            branches = (
                Branch(f"b{place}-n1", f"b{max(1, place - 2)}", "Chưa đạt", bound=1),
                Branch(f"b{place}-n2", "b1", "Thiếu thành phần", supplement=True),
            )
        steps.append(
            Step(
                f"b{place}",
                f"Thẩm định nội dung {place} của hồ sơ",
                ROLES[place % len(ROLES)],
                Limit(Decimal(4), "working_hour"),
                forms=("Phiếu kiểm soát",),
                branches=branches,
                group="s41" if place in (41, 42) else "",
            )
        )
    return Table("qt-dai", "Quy trình dài", tuple(steps))


def editor() -> dict[str, dict[str, float]]:
    """Measure an edit of a row, of a shape, an undo, a drawing and a page of the play."""
    agency = Agency.objects.get(pk=_agency_of(LOGIN))
    actor, now = actor_of(LOGIN, agency_id=agency.pk, now=timezone.now()), timezone.now()
    tthc_id = services.tthc_create(
        actor=actor, values=services.TthcValues(name="Thủ tục dài để đo", is_internal=True), now=now
    )
    made = services.procedure_create(
        actor=actor, tthc_id=tthc_id, draft=Draft(long_table(), Decimal(60), "working_day"), now=now
    )
    client = Client()
    client.post("/dang-nhap/", {"username": LOGIN, "password": facts.password()})
    base = f"/quy-trinh/ban/{made.revision_id}/"

    def version() -> int:
        page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.pk)
        return page.version

    at = [version()]

    def post(address: str, htmx: bool = True, **values: object) -> None:
        headers = {"HX-Request": "true"} if htmx else {"Accept": "application/json"}
        answer = client.post(base + address, {"version": at[0], **values}, headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code} {answer.content[:300]!r}")
        at[0] += 1

    def row(place: int) -> None:
        post("sua/", do="row", step="b30", name=f"Tên {place}", note="", unit="working_hour",
             amount="4", role=ROLES[2], forms="Phiếu kiểm soát")  # fmt: skip

    def given() -> dict:
        body = client.get(base + "luu-do/").content.decode()
        return json.loads(
            body.partition('id="so-do" type="application/json">')[2].partition("<")[0]
        )

    def drawn(place: int) -> None:
        post("ve/", htmx=False, xml=xml.replace("nội dung 31 của", f"việc {place} của"))

    found = {
        "one cell": timed(row),
        "a step added": timed(lambda place: post("sua/", do="add_after", step="b20")),
        "undo": timed(lambda place: post("sua/", do="undo")),
        "page": timed(lambda place: client.get(base)),
        "diagram page": timed(lambda place: client.get(base + "luu-do/")),
        "play, 20 steps on": timed(
            lambda place: client.get(
                base + "chay-thu/", {"b": ",".join(str(one) for one in range(1, 21))}
            )
        ),
    }
    xml = given()["xml"]
    return {**found, "a drawing saved": timed(drawn)}


def coverage() -> dict[str, dict[str, float]]:
    """Measure the coverage of 2,000 TTHC, its filters, its sheet and the entries proposed."""
    agency = Agency.objects.get(pk=_agency_of(LOGIN))
    _fill_catalogue()
    have = set(Tthc.objects.filter(agency=agency).values_list("code", flat=True))
    entries = [row for row in Entry.objects.order_by("code") if row.code not in have][:COVERED]
    rows = [
        Tthc(
            agency=agency, code=row.code, name=row.name[:600], folded=row.folded[:700],
            field=row.field[:200], entry=row,
        )
        for row in entries
    ]  # fmt: skip
    rows += [
        Tthc(
            agency=agency, code=f"9.{place:06d}", name=f"Thủ tục riêng {place}",
            folded=f"9.{place:06d} thu tuc rieng {place}", field=f"Lĩnh vực {place % 40}",
        )
        for place in range(COVERED - len(rows))
    ]  # fmt: skip
    Tthc.objects.bulk_create(rows)
    client = Client()
    client.post("/dang-nhap/", {"username": LOGIN, "password": facts.password()})
    base = "/quy-trinh/thu-tuc/"
    asked = {
        f"page of {COVERED}": "do-phu/",
        "missing": "do-phu/?tt=missing",
        "found without marks": "do-phu/?q=dang+ky+hoat+dong",
        "Excel": "do-phu.xlsx",
        "entries proposed": "nhan/?vi=all",
    }

    def get(at: str) -> None:
        answer = client.get(base + at)
        if answer.status_code != 200:
            raise SystemExit(f"{at}: {answer.status_code}")

    return {what: timed(lambda _place, at=at: get(at)) for what, at in asked.items()}


def _fill_catalogue() -> None:
    """Publish enough entries where the catalogue has fewer."""
    missing = COVERED - Entry.objects.count()
    records = [
        {"ma_thu_tuc": f"8.{place:06d}", "ten_thu_tuc": f"Đăng ký hoạt động số {place}",
         "linh_vuc": f"Lĩnh vực {place % 40}", "cap_thuc_hien": "Cấp tỉnh",
         "co_quan_thuc_hien": "Sở Tư pháp"}
        for place in range(max(0, missing) + 1000)
    ]  # fmt: skip
    if missing > 0:
        data = "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()
        _imported([("do.jsonl", data)])


def _imported(files: list[tuple[str, bytes]]) -> dict:
    told = import_files(actor=setup_actor(), files=files, wish=ImportWish(), now=timezone.now())
    return tally(tuple(dict.fromkeys(one[0] for one in told)))


def catalogue() -> dict[str, dict[str, float]]:
    """Measure the import of every real list and record, and of the same files again."""
    place = os.environ.get("NEP_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data"
    folder = Path(place) / "thu_tuc_hanh_chinh"
    files = [(one.name, one.read_bytes()) for one in sorted(folder.glob("*")) if one.is_file()]
    if not files:
        raise SystemExit(f"Không có danh sách thật ở {folder}; hãy đặt NEP_TEST_DATA.")
    found: dict[str, dict[str, float]] = {}
    for what in ("first", "again"):
        began, busy = time.perf_counter(), time.process_time()
        told = _imported(files)
        found[what] = {
            "seconds": round(time.perf_counter() - began, 1),
            "cpu_seconds": round(time.process_time() - busy, 1),
            **{name: told[name] for name in ("read", "imported", "changed", "unchanged")},
            "refused": len(told["refused"]),
        }
    return found


def library() -> dict[str, dict[str, float]]:
    """Measure the model library of 100 adopters with 200 procedures each, both sides of it."""
    giver, taker = (
        Agency.objects.get(pk=_agency_of(GIVER)),
        Agency.objects.get(pk=_agency_of(TAKER)),
    )
    _fill_models(giver, taker)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as each engine does by itself soon after
    found: dict[str, dict[str, float]] = {}
    asked = {
        TAKER: {"library": "", "library, with drift": "?loc=drifted", "library, found": "?q=mau+150"},
        GIVER: {"adoption and drift": "theo-doi/", "one adopter": f"theo-doi/?co-quan={taker.pk}",
                "one model": f"{ModelProcedure.objects.filter(agency=giver).earliest('pk').pk}/"},
    }  # fmt: skip
    for login, pages in asked.items():
        client = Client()
        client.post("/dang-nhap/", {"username": login, "password": facts.password()})

        def get(address: str, client: Client = client) -> None:
            answer = client.get(f"/quy-trinh-mau/{address}")
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")

        for what, address in pages.items():
            with CaptureQueriesContext(connection) as asked_of:
                get(address)
            statements = len(asked_of)
            found[what] = timed(lambda _place, at=address: get(at)) | {"statements": statements}
    return found


def _fill_models(giver: Agency, taker: Agency) -> None:
    """Let 100 communes follow 200 models of the department, one in ten with drift."""
    now, day = timezone.now(), timezone.now().date()
    person = Person.objects.filter(agency=giver).earliest("pk")
    graph = graph_text(Draft(Table("qt-mau", "Mẫu", (Step("b1", "Tiếp nhận"),))).process)
    communes = [taker] + [
        Agency(
            code=f"X{place:03d}", name=f"UBND xã số {place}", folded=f"ubnd xa so {place}",
            kind="xa", province=giver.province, valid_from=day, reception_name="Một cửa",
            case_code_mask=taker.case_code_mask,
        )
        for place in range(1, ADOPTERS)
    ]  # fmt: skip
    Agency.objects.bulk_create(communes[1:])
    own = _procedures(giver, person, graph, day, now)
    models = [
        ModelProcedure(
            agency=giver, source_agency=giver, procedure=procedure, province_id=giver.province_id,
            code=f"QT-{place:03d}", title=f"Quy trình mẫu {place}", folded=f"qt quy trinh mau {place}",
            audience="communes", number=2,
        )
        for place, (procedure, _revision) in enumerate(own)
    ]  # fmt: skip
    ModelProcedure.objects.bulk_create(models)
    ModelEdition.objects.bulk_create(
        ModelEdition(
            model=model, number=number, revision=revision, content_hash="0" * 64,
            published_by=person, published_at=now,
        )
        for model, (_procedure, revision) in zip(models, own, strict=True)
        for number in (1, 2)
    )  # fmt: skip
    for commune in communes:
        rows = _procedures(commune, person, graph, day, now)
        Adoption.objects.bulk_create(
            Adoption(
                agency=commune, model=model, procedure=procedure, revision=revision,
                number=1 if place % 10 == 0 else 2, declined=2 if place % 50 == 0 else 0,
                adopted_by=person, adopted_at=now,
            )
            for place, (model, (procedure, revision)) in enumerate(zip(models, rows, strict=True))
        )  # fmt: skip


def _procedures(agency: Agency, person: Person, graph: str, day: date, now: datetime) -> list:
    """Write 200 procedures in force of an agency, as narrow as they may be."""
    tthc = Tthc.objects.create(agency=agency, name="Thủ tục để đo", folded="x", is_internal=True)
    documents = [
        Document(
            agency=agency, kind="procedure", code=f"DO-{place:03d}", code_key=f"DO-{place:03d}",
            title=f"Quy trình {place}", folded=f"quy trinh {place}", created_at=now, changed_at=now,
        )
        for place in range(MODELS)
    ]  # fmt: skip
    Document.objects.bulk_create(documents)
    revisions = [
        Revision(
            agency=agency, document=document, issue="01", amendment="00", state="in_force",
            drafted_by=person, drafted_at=now, submitted_at=now, checked_by=person, checked_at=now,
            approved_by=person, approved_at=now, effective_from=day, content_hash="0" * 64,
            exception_reason="đo",
        )
        for document in documents
    ]  # fmt: skip
    Revision.objects.bulk_create(revisions)
    rows = [
        Procedure(agency=agency, document=document, tthc=tthc, variant=str(place))
        for place, document in enumerate(documents)
    ]
    Procedure.objects.bulk_create(rows)
    Definition.objects.bulk_create(
        Definition(
            agency=agency, procedure=procedure, revision=revision, graph=graph,
            content_hash="0" * 64,
        )
        for procedure, revision in zip(rows, revisions, strict=True)
    )  # fmt: skip
    return list(zip(rows, revisions, strict=True))


def _agency_of(login: str) -> int:
    for agency in facts.agencies():
        if any(person["login"] == login for person in agency["people"]):
            return Agency.objects.get(code=agency["code"]).pk
    raise SystemExit(f"Tỉnh mẫu không có {login}; hãy dựng trước bằng `python3 dev.py run`.")


def differences() -> dict[str, dict[str, float]]:
    """Measure the page that lays two versions of sixty steps beside each other."""
    agency_id, now = _agency_of(LOGIN), timezone.now()
    agency = next(
        one for one in facts.agencies() if one["code"] == Agency.objects.get(pk=agency_id).code
    )
    author, checker, approver = (
        actor_with(agency, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    tthc_id = services.tthc_create(
        actor=author,
        values=services.TthcValues(name="Thủ tục dài để so", is_internal=True),
        now=now,
    )
    role = queries.role_options(agency_id=agency_id, today=now.date())[0].key
    steps = tuple(replace(step, role=role) for step in long_table().steps)
    content = Draft(replace(long_table(), steps=steps), Decimal(90), "working_day")
    made = services.procedure_create(actor=author, tthc_id=tthc_id, draft=content, now=now)
    services.revision_submit(
        actor=author, revision_id=made.revision_id, checker_id=checker.person_id, now=now
    )
    seen = queries.procedure_page(revision_id=made.revision_id, agency_id=agency_id).content_hash
    services.revision_confirm(
        actor=checker, revision_id=made.revision_id, content_hash=seen,
        approver_id=approver.person_id, now=now,
    )  # fmt: skip
    services.revision_publish(
        actor=approver,
        revision_id=made.revision_id,
        content_hash=seen,
        effective_from=None,
        now=now,
    )
    revision_id = services.procedure_revise(
        actor=author, procedure_id=made.procedure_id, is_new_issue=False, change_note="", now=now
    )
    for place in range(2, 60, 3):
        version = queries.procedure_page(revision_id=revision_id, agency_id=agency_id).version
        edit = Edit("rename", f"b{place}", {"name": f"Việc sửa {place}", "note": "Mô tả mới"})
        services.definition_edit(
            actor=author, revision_id=revision_id, expected_version=version, edit=edit, now=now
        )
    client = Client()
    client.post("/dang-nhap/", {"username": LOGIN, "password": facts.password()})
    address = f"/quy-trinh/ban/{revision_id}/khac-gi/"
    return {"20 of 60 steps changed": timed(lambda _place: client.get(address))}


def corpus() -> dict[str, dict]:
    """Measure reading the whole Word corpus (NEP_TEST_DATA) and writing one paper as Word."""
    base = Path(os.environ.get("NEP_TEST_DATA", settings.BASE_DIR.parent / "shared" / "data"))
    files = sorted((base / "quy_trinh_docx").glob("*.docx"))
    began, worked = time.perf_counter(), time.process_time()
    read = [services.procedures_read(one.read_bytes(), file=one.name) for one in files]
    steps = sum(len(one.steps) for found in read for one in found.procedures)
    whole = {
        "files": len(files), "steps": steps, "wall s": round(time.perf_counter() - began, 2),
        "work s": round(time.process_time() - worked, 2),
    }  # fmt: skip
    client, revision = _page_of(LOGIN)
    word = timed(lambda _n: client.get(f"/quy-trinh/ban/{revision}/quy-trinh.docx"), 5)
    return {"import": whole, "word out": word}


def _page_of(login: str) -> tuple[Client, int]:
    """Return a client of a person and a revision in force of the agency."""
    client = Client()
    client.post("/dang-nhap/", {"username": login, "password": facts.password()})
    found = Definition.objects.filter(agency_id=_agency_of(login), revision__state="in_force")
    return client, found.latest("step_count").revision_id


MEASURES: dict[str, Callable[[], dict]] = {
    "catalogue": catalogue,
    "corpus": corpus,
    "coverage": coverage,
    "differences": differences,
    "editor": editor,
    "library": library,
}


def main() -> None:
    """Run the measures named, all without names, each in a transaction that is rolled back."""
    logging.disable(logging.WARNING)
    settings.ALLOWED_HOSTS = ["*"]
    if (
        "organization_agency" not in connection.introspection.table_names()
        or not has_demonstration()
    ):
        sys.exit("Chưa có dữ liệu mẫu: chạy `python3 dev.py run` một lần, hoặc đặt NEP_DATA.")
    for name in sys.argv[1:] or MEASURES:
        with transaction.atomic():
            found = MEASURES[name]()
            transaction.set_rollback(True)
        for what, figures in found.items():
            said = ", ".join(f"{key} {value}" for key, value in figures.items())
            print(f"{name} · {what}: {said}")


if __name__ == "__main__":
    main()

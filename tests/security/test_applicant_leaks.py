"""What tells of an applicant stands in no list, export, log, notice, journal or index.

An applicant with values that cannot be mistaken is taken through a case; then every address is
asked and every text of the database is read: what shows cases, work and figures as every role, the
rest as the first role that may (all as every role with `NEP_TEST_WHOLE`).
"""

import json
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db.models import CharField, JSONField, TextField

from nep.apps.cases.models import Case, CaseLook, CasePaper, CaseStepData, StepRun
from nep.apps.cases.services import (
    Applicant,
    PaperGiven,
    case_accept,
)
from nep.apps.cases.services.citizens import case_report
from nep.apps.organization.rules import PERMISSIONS
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries import _versions, tthc_lines
from nep.apps.procedures.rules.carried import Carried, DataField, carried_text
from nep.demonstration.procedures import actor_with
from nep.foundation.outbox.worker import drain
from nep.foundation.search.following import follow_all
from tests import world
from tests.security.conftest import Neighbours, build_neighbours
from tests.security.test_canary import words_of
from tests.security.test_other_agency import IDS, filled, with_ids
from tests.standing import kept
from tests.whole import IS_WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.together("neighbours")]
SECRETS = (
    "Ngụy Thị Khuyết Danh", "038199987612", "0987 123 987", "khuyetdanh@riengtu.vn", "Ngõ Kín 77",
)  # fmt: skip
FOLDED = ("nguy thi khuyet danh",)
ROLES = ("agency_admin", "iso_secretary", "leader", "unit_head", "reception", "specialist")
OF_CASES = ("/ho-so", "/viec", "/dieu-hanh", "/tim")  # where a role decides what of a case is seen
MAY_KEEP = {"cases.CaseApplicant", "cases.CaseStepData"}
OWNER = DataField("chu_dat", "Chủ sử dụng đất", is_personal=True)
NOW = world.BEGINNING + timedelta(days=3)


def plant(near: Neighbours) -> tuple[Neighbours, int]:
    """Take the applicant's case in at the ward, let its citizen report a deviation."""
    agency, agency_id = near.ward, near.ward_id
    reception = actor_with(agency, "reception", agency_id=agency_id, now=NOW)
    line = tthc_lines(agency_id=agency_id, query="them 1")[0]
    made = case_accept(
        actor=reception, now=NOW, tthc_id=line.id,
        applicant=Applicant(*SECRETS),
        papers=[PaperGiven("Tờ khai", upload=("to-khai.pdf", b"%PDF-1.4 to khai"))],
    )  # fmt: skip
    case = Case.objects.get(pk=made.id)
    run = StepRun.objects.filter(case=case).first()
    carried = carried_text({run.node: Carried(fields=(OWNER,))})
    Definition.objects.filter(content_hash=case.content_hash).update(carried=carried)
    CaseStepData.objects.create(
        case=case, run=run, node=run.node, at=NOW,
        values=json.dumps({OWNER.name: SECRETS[0]}, ensure_ascii=False),
    )  # fmt: skip
    case_report(lookup_key=case.lookup_key, kind="fee", text="Thu thừa tiền của tôi.", now=NOW)
    drain(now=datetime.now(UTC))
    return near, made.id


planted = kept(plant, on=build_neighbours)


def told(text: str) -> list[str]:
    """Return which of the planted values a text holds."""
    plain = unicodedata.normalize("NFC", text)
    return [secret for secret in (*SECRETS, *FOLDED) if secret in plain]


@pytest.fixture(autouse=True)
def nothing_remembered_of_versions():
    """Let what steps carry be read from this module's world, and from the next one's after it."""
    _versions._carried.clear()
    yield
    _versions._carried.clear()


@pytest.fixture
def own_ids(planted, monkeypatch):
    """Let the ids of addresses be those of the planted case."""
    _, case_id = planted
    monkeypatch.setitem(IDS, "case_id", lambda agency: case_id)
    monkeypatch.setitem(
        IDS, "run_id", lambda agency: StepRun.objects.filter(case=case_id).first().pk
    )
    monkeypatch.setitem(IDS, "paper_id", lambda agency: CasePaper.objects.filter(
        case=case_id, file__isnull=False).first().pk)  # fmt: skip
    return case_id


def addresses_of(agency_id: int) -> list[tuple[str, str]]:
    """Return (address, permission) of every guarded page, and lists asked in the ways they offer."""
    found = [(filled(place, agency_id), permission) for place, permission in with_ids(every=True)]
    year = NOW.year
    found += [
        (address, "case.see") for address in (
            f"/ho-so/?thang={year}", f"/ho-so/xuat.xlsx?thang={year}", "/ho-so/?q=khuyet danh",
            "/ho-so/?nhom=dung-lai", f"/ho-so/so-theo-doi/?thang={year}",
            f"/ho-so/so-theo-doi.xlsx?thang={year}", f"/ho-so/so-theo-doi.pdf?thang={year}",
            "/viec/?xem=don-vi", "/viec/?xem=co-quan", "/tim/?q=khuyet danh",
            f"/ho-so/danh-gia.xlsx?thang={year}",
        )
    ]  # fmt: skip
    return found


def test_no_page_or_export_tells_of_an_applicant_but_those_that_ask_for_it(
    planted, own_ids, caplog
):
    near, case_id = planted
    leaking, seen, shown = [], 0, 0
    elsewhere: set[str] = set()
    addresses = addresses_of(near.ward_id)
    caplog.set_level("DEBUG")
    for role in ROLES:
        login = world.login_with(near.ward, role)
        roles = set(next(p["roles"] for p in near.ward["people"] if p["login"] == login))
        browser = world.signed_in(login)
        for address, permission in addresses:
            if permission != "signed_in" and not PERMISSIONS[permission] & roles:
                continue
            if not IS_WHOLE and not address.startswith(OF_CASES):
                if address in elsewhere:
                    continue
                elsewhere.add(address)
            answer = browser.get(address)
            seen += answer.status_code == 200
            text = words_of(b"".join(answer))
            if not told(text):
                continue
            if permission == "case.applicant":
                shown += 1
            else:
                leaking.append((role, address, told(text)))
    assert leaking == []
    assert seen > 300
    assert shown > 4
    assert CaseLook.objects.filter(case_id=case_id).count() > 4
    assert told(caplog.text) == []


def test_the_typed_name_of_a_search_is_in_no_log(planted, caplog):
    near, _ = planted
    caplog.set_level("DEBUG")
    browser = world.signed_in(world.login_with(near.ward, "reception"))
    browser.get("/ho-so/", {"q": SECRETS[0]})
    browser.get("/ho-so/khong-co-trang-nay/", {"q": SECRETS[2]})
    browser.post("/ho-so/tiep-nhan/", {"name": SECRETS[0], "phone": SECRETS[2]})
    assert told(caplog.text) == []


def test_no_other_table_keeps_what_tells_of_an_applicant(planted):
    follow_all()
    found = []
    for model in apps.get_models(include_auto_created=True):
        texts = [field.attname for field in model._meta.fields
                 if isinstance(field, (CharField, TextField, JSONField))]  # fmt: skip
        if not model._meta.managed or not texts:
            continue
        for row in model._base_manager.values_list(*texts).iterator():
            if any(told(str(value)) for value in row):
                found.append(model._meta.label)
                break
    assert set(found) - MAY_KEEP == set()
    assert MAY_KEEP & set(found) == MAY_KEEP
    assert not any(told(f"{letter.subject}{letter.body}") for letter in mail.outbox)


def test_the_public_pages_tell_nothing_either(planted, client):
    _, case_id = planted
    case = Case.objects.get(pk=case_id)
    for address in (f"/tra-cuu/?ma={case.code}", f"/tra-cuu/k/{case.lookup_key}/",
                    f"/tra-cuu/k/{case.lookup_key}/bao-sai-lech/"):  # fmt: skip
        answer = client.get(address)
        assert (answer.status_code, told(answer.content.decode())) == (200, [])

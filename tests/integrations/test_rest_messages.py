"""Messages over HTTP: a system wakes a case, opens one, fetches what cases sent; pool to pool."""

import json

import pytest
from django.test import Client

from nep.apps.cases.models import Case, CaseLink, CaseMessage, StepRun
from nep.apps.cases.services.sources import SourceKey, source_create
from nep.apps.cases.tests.nets import BEGUN, RACE, SENDING, in_force
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import department
from nep.foundation.outbox.worker import drain
from nep.integrations.rest_intake.description import description
from tests.standing import kept

NOW = moment(11, 9)


def build_systems() -> tuple[dict[str, Office], SourceKey]:
    scene = department()
    made = {
        "race": in_force(scene, RACE, code="1.000920"),
        "sending": in_force(scene, SENDING, code="1.000921"),
        "begun": in_force(scene, BEGUN, code="", is_internal=True, name="Thẩm tra nội bộ"),
    }
    key = source_create(actor=scene.actor("admin"), now=NOW, name="Hệ thống thẩm tra", way="api")
    return made, key


systems = kept(build_systems)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def send(key: SourceKey, content, *, once: str = "t-1", **more):
    return Client(enforce_csrf_checks=True).post(
        f"/api/nguon/{key.key_id}/thong-diep/",
        content if isinstance(content, str) else json.dumps(content),
        content_type=more.get("kind", "application/json"),
        headers={
            "Authorization": f"Bearer {more.get('secret', key.secret)}",
            **({"Idempotency-Key": once} if once else {}),
        },
    )


def opened(case: Case) -> list[str]:
    return list(StepRun.objects.filter(case=case, closed_at=None).values_list("node", flat=True))


def test_a_system_wakes_a_waiting_case_once(systems):
    offices, key = systems
    at = offices["race"]
    case = at.accept(now=moment(10, 8), data={"han_cho": "2026-12-14"})
    content = {"ho_so": case.code, "thong_diep": "ket-qua-tham-tra", "du_lieu": {"dat": True}}
    assert send(key, content, once="som").status_code == 202
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    drain(now=NOW)
    assert opened(case) == ["b2"]

    again = send(key, content, once="som")

    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert again.json()["trang_thai"] == "da-nhan"
    assert CaseMessage.objects.count() == 1 and broken(*TOUCHED) == []


def test_what_cannot_be_taken_is_said_in_one_shape(systems):
    offices, key = systems
    case = offices["race"].accept(now=moment(10, 8))
    good = {"ho_so": case.code, "thong_diep": "ket-qua-tham-tra"}
    for status, content, more in (
        (401, good, {"secret": "sai"}),
        (400, good, {"once": ""}),
        (415, good, {"kind": "text/csv"}),
        (422, "không phải json", {}),
        (422, "[1]", {}),
        (422, {**good, "thong_diep": 5}, {}),
        (422, {**good, "du_lieu": []}, {}),
        (422, {**good, "thong_diep": "khac"}, {}),
        (422, {**good, "du_lieu": {"x": "\ud800"}}, {}),
        (422, {**good, "du_lieu": {"x": float("nan")}}, {}),
        (422, json.dumps(good)[:-1] + ', "du_lieu": {"x": 1e999}}', {}),
        (404, {**good, "ho_so": "H00"}, {}),
    ):
        answer = send(key, content, **more)
        assert answer.status_code == status, (status, content)
        assert answer.json()["error"]["message"].endswith((".", "!"))
    assert not CaseMessage.objects.exists()


def test_a_message_opens_a_case_of_the_procedure_that_begins_with_it(systems):
    _offices, key = systems
    answer = send(key, {"thong_diep": "de-nghi-tham-tra"})
    case = Case.objects.get(code=answer.json()["ho_so"])
    assert (answer.status_code, case.internal, opened(case)) == (200, True, ["d1"])
    assert send(key, {"thong_diep": "de-nghi-tham-tra"}).json()["ho_so"] == case.code
    assert Case.objects.count() == 1 and broken(*TOUCHED) == []


def test_what_a_case_sends_opens_or_wakes_another_and_others_fetch_it(systems, time_machine):
    offices, key = systems
    at = offices["sending"]
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    for _ in range(2):
        drain(now=NOW)
    other = Case.objects.get(internal=True)
    assert opened(case) == [] and opened(other) == ["d1"]
    assert CaseLink.objects.get(case=other).other_id == case.pk

    at.complete(other, "d1", by="toan", now=moment(11, 9))
    drain(now=NOW)

    assert opened(case) == ["b9"] and broken(*TOUCHED) == []
    time_machine.move_to(moment(11, 9, 1), tick=False)
    address = f"/api/nguon/{key.key_id}/thong-diep/"
    headers = {"Authorization": f"Bearer {key.secret}"}
    sent = Client().get(address, headers=headers).json()["thong_diep"]
    assert [(one["ho_so"], one["thong_diep"]) for one in sent] == [
        (case.code, "de-nghi-tham-tra"), (other.code, "ket-qua-tham-tra")
    ]  # fmt: skip
    rest = Client().get(address, {"sau": sent[0]["id"]}, headers=headers).json()["thong_diep"]
    assert rest == sent[1:]
    for wrong in ("x", "²", "9" * 19, "1" * 5000):
        assert Client().get(address, {"sau": wrong}, headers=headers).status_code == 400, wrong


def test_the_description_tells_of_messages():
    paths = description(most_bytes=1_000_000)["paths"]
    assert {"get", "post"} == set(paths["/api/nguon/{key_id}/thong-diep/"])

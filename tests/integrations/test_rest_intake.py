"""Cases sent over HTTP: by key, once, bounded, pushed back when too many wait."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from nep.apps.cases.models import Case, FedImport, FedSource, FedWaiting
from nep.apps.cases.services.sources import source_close, source_key_renew
from nep.apps.cases.tests.test_fed_import import NOW
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.integrations.rest_intake.description import description
from tests.integrations.test_portal_records import DOSSIER, STATE

JSON = "application/json"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def send(key, content, *, once="lan-1", kind=JSON, secret=None, **headers):
    data = content if isinstance(content, (bytes, str)) else json.dumps(content)
    return Client(enforce_csrf_checks=True).post(
        f"/api/nguon/{key.key_id}/ho-so/", data, content_type=kind,
        headers={
            "Authorization": f"Bearer {secret or key.secret}",
            **({"Idempotency-Key": once} if once else {}), **headers,
        },
    )  # fmt: skip


def ask(key, where):
    return Client().get(where, headers={"Authorization": f"Bearer {key.secret}"})


def test_records_are_taken_with_a_receipt_and_become_a_case(key):
    sent = send(key, {"data": [STATE, DOSSIER]})

    assert sent.status_code == 202
    taken = sent.json()
    assert (taken["rows"], sent["Location"]) == (5, taken["url"])
    assert ask(key, taken["url"]).json()["state"] == "waiting"
    drain(now=NOW)
    told = ask(key, taken["url"]).json()
    assert (told["state"], told["rows_done"]) == ("done", 5)
    assert {name: told["report"][name] for name in ("cases", "events", "unmatched")} == {
        "cases": 1, "events": 5, "unmatched": 0,
    }  # fmt: skip
    case = Case.objects.get()
    assert (case.status, case.on_time) == (10, "truoc")
    kept = [*FedImport.objects.values("inline", "report", "sample"), *JournalEntry.objects.values()]
    assert "Bí Mật" not in str(kept)


def test_a_status_that_comes_before_its_dossier_waits_for_it(key):
    send(key, [STATE])
    drain(now=NOW)
    assert (Case.objects.count(), FedWaiting.objects.count()) == (0, 1)

    send(key, [DOSSIER], once="lan-2")
    drain(now=NOW)

    assert (Case.objects.count(), FedWaiting.objects.count()) == (1, 0)
    assert Case.objects.get().runs.count() == 1


def test_the_same_key_and_content_answer_as_the_first_time(key):
    first, again = send(key, [DOSSIER]), send(key, [DOSSIER])

    assert first.content == again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert FedImport.objects.count() == 1
    other = send(key, [STATE])
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"secret": "sai"}, 401, "key_refused"),
        ({"once": ""}, 400, "idempotency_key"),
        ({"once": "x" * 201}, 400, "idempotency_key"),
        ({"kind": "text/plain"}, 415, "content_type"),
        ({"content": "{"}, 422, "json_broken"),
        ({"content": "[]"}, 422, "file_no_rows"),
        ({"content": "A,B\n1,2\n", "kind": "text/csv"}, 422, "columns_missing"),
        ({"content": "<log/>", "kind": "application/xml"}, 422, "file_no_rows"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_shape(key, change, status, code):
    answer = send(key, change.pop("content", [DOSSIER]), **change)

    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith((".", "ký tự."))
    assert set(error) <= {"code", "message", "clause", "field"}
    assert FedImport.objects.count() == 0


def test_a_key_that_was_renewed_or_whose_source_is_off_opens_nothing(at, key):
    admin = at.actor("admin")
    renewed = source_key_renew(actor=admin, now=NOW, source_id=key.source_id)
    assert send(key, [DOSSIER]).status_code == 401
    assert send(renewed, [DOSSIER]).status_code == 202

    source_close(actor=admin, now=NOW, source_id=key.source_id)

    refused = send(renewed, [DOSSIER], once="lan-2")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert key.secret not in str([*FedSource.objects.values(), *JournalEntry.objects.values()])


def test_a_full_queue_pushes_back_and_says_for_how_long(key, settings):
    settings.NEP = replace(settings.NEP, intake_queue_rows=4)
    assert send(key, [DOSSIER, STATE]).status_code == 202

    full = send(key, [STATE], once="lan-2")

    assert (full.status_code, full.json()["error"]["code"]) == (429, "queue_full")
    assert int(full["Retry-After"]) >= 5
    assert send(key, [DOSSIER, STATE]).status_code == 202  # what was taken is answered still
    drain(now=NOW + timedelta(seconds=5))
    assert send(key, [STATE], once="lan-2").status_code == 202


def test_a_body_too_large_is_refused_unread(key, settings):
    settings.NEP = replace(settings.NEP, max_upload_bytes=1000)

    answer = send(key, [STATE] * 20)

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_only_the_source_itself_reads_its_receipts(at, key):
    other = Client().get(
        f"/api/nguon/{key.key_id}/phieu/{'0' * 32}/",
        headers={"Authorization": f"Bearer {key.secret}"},
    )
    assert (other.status_code, other.json()["error"]["code"]) == (404, "receipt_unknown")
    assert Client().get(f"/api/nguon/{key.key_id}/phieu/x/").status_code == 401
    assert Client().get(f"/api/nguon/{key.key_id}/ho-so/").status_code == 401


def fits(value, schema) -> bool:
    """Say whether a value is as a schema of the description says."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    if "enum" in schema:
        return value in schema["enum"]
    asked = schema.get("type", [])
    asked = [asked] if isinstance(asked, str) else asked
    if asked and not any(isinstance(value, kinds[one]) for one in asked):
        return False
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        return set(schema.get("required", ())) <= set(value) and all(
            fits(one, parts[name]) for name, one in value.items() if name in parts
        )
    if isinstance(value, list) and "items" in schema:
        return all(fits(one, schema["items"]) for one in value)
    return not isinstance(value, int) or value >= schema.get("minimum", value)


def test_every_answer_is_as_the_description_says(key):
    said = Client().get("/api/nguon/mo-ta.json").json()
    assert said == json.loads(json.dumps(description(most_bytes=50_000_000)))
    post = said["paths"]["/api/nguon/{key_id}/ho-so/"]["post"]["responses"]
    get = said["paths"]["/api/nguon/{key_id}/phieu/{receipt}/"]["get"]["responses"]

    sent = send(key, [DOSSIER])
    answers = [
        (post, sent), (post, send(key, [STATE])), (post, send(key, [DOSSIER], secret="x")),
        (post, send(key, "{", once="b")), (post, send(key, [STATE], once="")),
        (get, ask(key, sent.json()["url"])),
        (get, ask(key, f"/api/nguon/{key.key_id}/phieu/x/")),
    ]  # fmt: skip

    for told, answer in answers:
        schema = told[str(answer.status_code)]["content"][JSON]["schema"]
        assert fits(answer.json(), schema), answer.content
    assert not fits({"receipt": 1}, post["202"]["content"][JSON]["schema"])

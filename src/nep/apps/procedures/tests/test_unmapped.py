"""Responsible texts of imported drafts mapped at once after people have come in."""

from dataclasses import replace

import pytest
from django.urls import reverse

from nep.apps.organization.services import people_import
from nep.apps.organization.tests.scene import NOW
from nep.apps.organization.tests.test_people_sheet import book
from nep.apps.procedures import queries, services
from nep.apps.procedures.rules.table import Table
from nep.apps.procedures.tests import scene
from nep.kernel.errors import Refusal

PRINTED = "Chuyên viên Phòng Đo lường"


def printed(table: Table, *, keep: str = "") -> Table:
    """Return the table as a Word file leaves it: printed words, roles still open."""
    return replace(
        table,
        steps=tuple(
            step if step.id == "b1"
            else replace(step.with_fact("responsible", PRINTED), role=step.role if step.id == keep else "")
            for step in table.steps
        ),
    )  # fmt: skip


def drafted(agency, code: str, **how) -> int:
    content = replace(scene.draft(), table=printed(scene.table(), **how))
    return scene.begun(agency, content=content, code=code).revision_id


def roles(agency, revision_id: int) -> list[str]:
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency.agency_id)
    return [step.role for step in page.draft.table.steps]


def test_people_from_a_sheet_make_the_proposal_and_one_answer_serves_every_draft(agency, client):
    first, second = drafted(agency, "1.000001"), drafted(agency, "1.000002", keep="b3")
    people_import(
        actor=agency.actor("admin"), agency_id=agency.agency_id, name="ns.xlsx", is_dry=False,
        now=NOW, data=book([("Vũ Thị Mới", "", "PDL", "Chuyên viên", "", "01/12/2026", "")],
                           [("PDL", "Phòng Đo lường", "")]),
    )  # fmt: skip
    (line,) = queries.unmapped_lines(agency_id=agency.agency_id, today=NOW.date())
    agency.sign_in(client, "lan")
    place = reverse("procedures:responsibles")
    shown = client.get(place).content.decode()
    client.post(place, {"text": [PRINTED], "role": [line.mapping.role]})
    empty = client.get(place).content.decode()

    assert (line.mapping.role, line.mapping.source) == ("PDL/specialist", "proposed")
    assert (line.steps, line.drafts) == (5, 2)
    assert PRINTED in shown and "Không còn cách ghi nào" in empty
    assert roles(agency, first) == ["MC/reception", *["PDL/specialist"] * 3]
    assert roles(agency, second) == [
        "MC/reception", "PDL/specialist", "LD/leader", "PDL/specialist",
    ]  # fmt: skip
    assert queries.mappings_of(agency.agency_id)["chuyen vien phong do luong"] == "PDL/specialist"


def test_nothing_chosen_is_refused(agency):
    with pytest.raises(Refusal, match="ít nhất một"):
        services.roles_map(actor=agency.actor("lan"), choices={PRINTED: ""}, now=NOW)

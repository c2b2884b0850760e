"""From the first look at the matrix to a clause that is complete: editions, what does not apply, mending."""

from datetime import datetime

import pytest

from nep.apps.conformity import queries
from nep.apps.conformity.models import LeftOut
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization import queries as organization
from nep.apps.standards.models import EditionChoice
from nep.demonstration.library import build_library
from nep.demonstration.procedures import actor_with
from nep.demonstration.standards import build_standards
from nep.kernel.vietnamese import VN, local
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def build_ward() -> int:
    """Build the demonstration's ward with its library."""
    agency = world.agency_facts(world.WARD)
    agency_id = world.build(agency, procedures=False)
    build_library(agency, agency_id=agency_id, now=world.BEGINNING)
    return agency_id


ward = kept(build_ward)


def state_of(agency_id: int, number: str, edition: str = "2015") -> str:
    now = datetime.now(VN)
    actor = actor_with(
        world.agency_facts(world.WARD), "iso_secretary", agency_id=agency_id, now=now
    )
    found = queries.matrix(actor=actor, today=local(now).date(), edition=edition)
    return next(row.state for row in found.rows if row.clause.number == number)


def test_the_demonstration_chooses_its_edition_and_all_of_it_is_legal(ward):
    build_standards(world.agency_facts(world.WARD), agency_id=ward, now=datetime.now(VN))

    assert EditionChoice.objects.get().target == "2026"
    assert state_of(ward, "8.3.5") == state_of(ward, "8.3.5", "2026") == rules.LEFT_OUT
    assert list(broken()) == []


def test_a_secretary_leaves_out_what_does_not_apply_and_mends_what_is_missing(ward):
    organization.forget()
    secretary = Visitor().sign_in("sn.thukyiso")
    before = state_of(ward, "7.1.3")
    secretary.visit("/phu-hop/ma-tran/?tt=can-lam").sees("điều khoản cần bổ sung")
    secretary.visit("/phu-hop/luat/?dieu=8.3").press("Ghi không áp dụng")
    secretary.visit("/phu-hop/ma-tran/?tt=left_out").sees("thủ tục hành chính")
    secretary.visit("/tieu-chuan/").press("Ghi bản áp dụng", {"target": "2026"})
    secretary.visit("/tieu-chuan/con-thieu/").sees("15 điểm phải làm thêm")
    secretary.visit("/tai-lieu/moi/?dieu=2015:7.1.3").sees("ISO 9001:2015: 7.1.3")
    secretary.press("Mở bản thảo", {"title": "Nội quy sử dụng trụ sở", "kind": "other"})
    secretary.sees("7.1.3")

    assert before == rules.MISSING
    assert state_of(ward, "7.1.3") == rules.MISSING  # a draft is no evidence yet
    assert LeftOut.objects.get().clause == "8.3"
    assert EditionChoice.objects.get().target == "2026"

"""A procedure of the small department, as values and through the services."""

from dataclasses import replace
from decimal import Decimal

from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.rules.table import Branch, Step, Table
from nep.apps.procedures.services import Begun, TthcValues
from nep.bpmn import Limit

CODE = "1.009645"


def hours(amount: int | str) -> Limit:
    return Limit(Decimal(amount), "working_hour")


def days(amount: int | str) -> Limit:
    return Limit(Decimal(amount), "working_day")


def table() -> Table:
    """Four steps; the second may ask for supplement or send back once."""
    return Table(
        "qt-thu",
        "Cấp giấy phép",
        (
            Step("b1", "Tiếp nhận hồ sơ", "MC/reception", hours(4), forms=("Mẫu 01",)),
            Step(
                "b2",
                "Thẩm định",
                "PKH/specialist",
                days(2),
                forms=("Báo cáo",),
                branches=(Branch("b2-n1", "b1", "Thiếu thành phần", supplement=True),),
            ),
            Step("b3", "Ký giấy phép", "LD/leader", days(1), forms=("Giấy phép",)),
            Step("b4", "Trả kết quả", "MC/reception", untimed=True, forms=("Sổ theo dõi",)),
        ),
    )


def draft(**changes) -> Draft:
    return replace(Draft(table(), Decimal(5), "working_day"), **changes)


def unbranched() -> Draft:
    """Return the draft with its four steps one after the other."""
    steps = tuple(replace(step, branches=()) for step in table().steps)
    return draft(table=replace(table(), steps=steps))


def edited(begin: Draft, do: str, step: str, **values: str) -> Changed:
    """Return what an edit that is taken makes of a draft."""
    answer = apply(begin, Edit(do, step, values))
    assert isinstance(answer, Changed), answer
    return answer


def tthc(agency: Scene, *, by: str = "lan", **changes) -> int:
    values = TthcValues(
        **{"name": "Cấp giấy phép", "code": CODE, "limit_amount": Decimal(5),
           "limit_unit": "working_day", **changes}
    )  # fmt: skip
    return services.tthc_create(actor=agency.actor(by), values=values, now=NOW)


def begun(agency: Scene, *, by: str = "lan", content: Draft | None = None, **tthc_changes) -> Begun:
    """Return a procedure just drafted by a specialist."""
    return services.procedure_create(
        actor=agency.actor(by),
        tthc_id=tthc(agency, by=by, **tthc_changes),
        draft=content or draft(),
        now=NOW,
    )


def published(agency: Scene, **more) -> Begun:
    """Return a procedure in force: drafted, checked and approved by three people."""
    made = begun(agency, **more)
    bring_into_force(agency, made.revision_id)
    return made


def bring_into_force(agency: Scene, revision_id: int, *, now=NOW) -> None:
    services.revision_submit(
        actor=agency.actor("lan"),
        revision_id=revision_id,
        checker_id=agency.people["toan"],
        now=now,
    )
    services.revision_confirm(
        actor=agency.actor("toan"),
        revision_id=revision_id,
        content_hash=hash_of(revision_id),
        approver_id=agency.people["ha"],
        now=now,
    )
    services.revision_publish(
        actor=agency.actor("ha"),
        revision_id=revision_id,
        content_hash=hash_of(revision_id),
        effective_from=now.date(),
        now=now,
    )


def hash_of(revision_id: int) -> str:
    return Definition.objects.get(revision_id=revision_id).content_hash

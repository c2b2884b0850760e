"""A small department with one procedure in force, taking cases in through the services."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from nep.apps.cases import services
from nep.apps.cases.models import Case, StepRun
from nep.apps.documents.models import Revision
from nep.apps.organization.rules import Actor
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Branch, Step, Table
from nep.apps.procedures.tests.scene import published
from nep.bpmn import Limit
from nep.foundation.db import doctor
from nep.kernel.vietnamese import VN

TOUCHED = (  # what an action on a case can break, but for what counts and keeps of many cases
    "case_version", "case_steps", "case_items", "case_holder", "case_pauses", "case_history",
    "case_progress", "case_deadlines", "case_people", "case_papers", "case_journal", "case_numbers",
    "case_facts", "case_waits", "work_", "journal_",
)  # fmt: skip
HOURS, DAYS = "working_hour", "working_day"


def limit(amount: int | str, unit: str = HOURS) -> Limit:
    return Limit(Decimal(amount), unit)


PERMIT = Table(
    "qt-cap-phep",
    "Cấp giấy phép",
    (
        Step("b1", "Tiếp nhận hồ sơ", "MC/reception", limit(4), forms=("Mẫu 01",)),
        Step("b2", "Phân công thụ lý", "PKH/unit_head", limit(4)),
        Step(
            "b3",
            "Thẩm định hồ sơ",
            "PKH/specialist",
            limit(16),
            forms=("Báo cáo",),
            branches=(
                Branch("b3-bs", "b1", "Cần bổ sung", supplement=True),
                Branch("b3-lai", "b2", "Phân công lại", bound=1),
            ),
        ),
        Step("b4", "Ký giấy phép", "LD/leader", limit(8)),
        Step("b5", "Trả kết quả", "MC/reception", untimed=True),
    ),
)
OPINION = Table(
    "qt-lay-y-kien",
    "Lấy ý kiến",
    (
        Step("b1", "Tiếp nhận hồ sơ", "MC/reception", limit(2)),
        Step("b2", "Thẩm định chuyên môn", "PKH/specialist", limit(8), group="g1"),
        Step("b3", "Rà soát pháp lý", "PKH/unit_head", limit(8), group="g1"),
        Step("b4", "Lấy ý kiến Sở Xây dựng", "ngoai/Sở Xây dựng", limit(16), outside=True),
        Step("b5", "Ký văn bản", "LD/leader", limit(4)),
    ),
)


@dataclass
class Office:
    """The department and its procedure; `accept` takes one case in."""

    scene: Scene
    tthc_id: int
    revision_id: int

    def actor(self, name: str, *, now: datetime = NOW) -> Actor:
        return self.scene.actor(name, now=now)

    def accept(
        self,
        *,
        by: str = "tuan",
        now: datetime = NOW,
        name: str = "Nguyễn Văn An",
        papers: Iterable[services.PaperGiven] = (),
        **more,
    ) -> Case:
        made = services.case_accept(
            actor=self.actor(by),
            now=now,
            tthc_id=self.tthc_id,
            applicant=services.Applicant(name, phone="0900 000 118", address="xã Tân Lập"),
            papers=tuple(papers),
            **more,
        )
        return Case.objects.get(pk=made.id)

    def run(self, case: Case, node: str) -> StepRun:
        """Return the open run of a step."""
        return StepRun.objects.get(case_id=case.pk, node=node, closed_at=None)

    def complete(
        self, case: Case, node: str, *, by: str, now: datetime = NOW, **more
    ) -> services.StepDone:
        return services.step_complete(
            actor=self.actor(by), now=now, run_id=self.run(case, node).pk, **more
        )

    def walk(self, case: Case, until: str, *, now: datetime = NOW) -> datetime:
        """Finish the steps of the permit before `until`, one working hour each."""
        for node, by, more in (
            ("b1", "tuan", {}),
            ("b2", "toan", {"receiver_id": self.scene.people["lan"]}),
            ("b3", "lan", {"outcome": "f-re-b3"}),
            ("b4", "ha", {}),
            ("b5", "tuan", {}),
        ):
            if node == until:
                break
            now += timedelta(minutes=20)
            self.complete(case, node, by=by, now=now, **more)
        return now


def office(
    *, table: Table = PERMIT, code: str = "H99.18", name: str = "Sở Khoa học và Công nghệ",
    amount: int | None = 10, policy: str = "restart", **tthc,
) -> Office:  # fmt: skip
    """Make the department with one procedure in force."""
    scene = department(code=code, name=name)
    return with_procedure(scene, table=table, amount=amount, policy=policy, **tthc)


def with_procedure(
    scene: Scene, *, table: Table = PERMIT, amount: int | None = 10, policy: str = "restart", **tthc
) -> Office:
    """Publish one more procedure in a department."""
    content = Draft(
        table, Decimal(amount) if amount else None, DAYS if amount else "", pause_policy=policy
    )
    tthc.setdefault("limit_amount", Decimal(amount) if amount else None)
    made = published(scene, content=replace(content), **tthc)
    assert Revision.objects.get(pk=made.revision_id).state == "in_force"
    return Office(scene, made_tthc(made), made.revision_id)


def made_tthc(made) -> int:
    return Definition.objects.get(revision_id=made.revision_id).procedure.tthc_id


def broken(*parts: str) -> list[str]:
    """Return what `nep doctor` finds, by all its checks or those whose code begins with a part."""
    told = doctor.examine(parts=parts or ("",))
    return [f"{one.record}: {one.message}" for _, found in told for one in found]


def moment(day: int, hour: int, minute: int = 0, *, month: int = 12) -> datetime:
    """Return a moment of December 2026 on Vietnam's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=VN)

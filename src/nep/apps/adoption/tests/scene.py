"""A department that holds a procedure out, and another one that may follow it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from nep.apps.adoption import services
from nep.apps.adoption.services import ModelValues
from nep.apps.organization.tests.scene import NOW, Scene, department, other_department
from nep.apps.procedures import queries as procedures
from nep.apps.procedures import services as drafts
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.services import Begun
from nep.apps.procedures.tests.scene import bring_into_force, published

LATER = NOW + timedelta(days=3)


@dataclass
class Pair:
    """The publisher with its procedure in force, and the other department."""

    giver: Scene
    taker: Scene
    source: Begun

    def publish(self, **changes) -> int:
        """Hold the procedure out; return the model."""
        values = ModelValues(audience="departments", local_forms=("Báo cáo",))
        return services.model_publish(
            actor=self.giver.actor("thu"), source_agency_id=self.giver.agency_id,
            revision_id=self.source.revision_id, values=replace(values, **changes), now=NOW,
        )  # fmt: skip

    def adopt(self, model_id: int, **more) -> services.Adopted:
        return services.model_adopt(
            actor=self.taker.actor("thu2"), model_id=model_id, now=NOW, **more
        )

    def change_source(self, do: str, step: str, now=LATER, **values: str) -> int:
        """Bring a changed version of the source into force; return its revision."""
        revision_id = drafts.procedure_revise(
            actor=self.giver.actor("lan"), procedure_id=self.source.procedure_id,
            is_new_issue=False, change_note="Sửa theo thực tế", now=now,
        )  # fmt: skip
        edit(self.giver, revision_id, do, step, by="lan", **values)
        bring_into_force(self.giver, revision_id, now=now)
        return revision_id

    def change_model(self, model_id: int, do: str = "limit", step: str = "b2", **values) -> int:
        """Change the source and publish it; return the edition."""
        self.change_source(do, step, **(values or {"amount": "3", "unit": "working_day"}))
        return services.edition_publish(
            actor=self.giver.actor("thu"), model_id=model_id, note="Thẩm định cần thêm một ngày",
            now=LATER,
        )  # fmt: skip


def province() -> Pair:
    giver, taker = department(), other_department()
    giver.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    taker.person("thu2", "Đỗ Văn Khác", ("PKH", "iso_secretary", "Thư ký ISO"))
    return Pair(giver, taker, published(giver))


def edit(scene: Scene, revision_id: int, do: str, step: str, *, by: str, **values: str):
    version = Definition.objects.get(revision_id=revision_id).version
    return drafts.definition_edit(
        actor=scene.actor(by), revision_id=revision_id, expected_version=version,
        edit=Edit(do, step, values), now=LATER,
    )  # fmt: skip


def table_of(scene: Scene, revision_id: int):
    return procedures.version_draft(revision_id=revision_id, agency_id=scene.agency_id).table

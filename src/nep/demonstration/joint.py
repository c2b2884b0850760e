"""Steps that another agency of the demonstration does: it gives them to somebody and answers."""

from datetime import datetime
from typing import TYPE_CHECKING

from nep.apps.cases.services import joint_answer, joint_assign, joint_open, joint_receivers
from nep.apps.organization.rules import Actor
from nep.demonstration.open_runs import OpenRun, is_open

if TYPE_CHECKING:
    from nep.demonstration.year import Place, Year

ANSWERED_SHARE = 0.8
ASKED = "Đề nghị cho biết trụ sở mới có tại địa chỉ đã đăng ký hay không."
ANSWER = "Đã kiểm tra tại địa chỉ, trụ sở có biển hiệu và người trực đúng như hồ sơ."


class Neighbours:
    """The agencies of the play as each other's helpers."""

    def __init__(self, year: "Year") -> None:
        self.year = year

    def called(self, name: str) -> "Place | None":
        """Return the agency of the play with this name."""
        return next((one for one in self.year.places if one.facts["name"] == name), None)

    def ask(self, other: "Place", run: OpenRun, actor: Actor, now: datetime) -> None:
        """Hand a step to another agency, which gives it to one person and mostly answers in time."""
        joint_id = joint_open(actor=actor, now=now, run_id=run.id, asked=ASKED)
        limit = run.limit_minutes or 480
        given = other.calendar.add_minutes(now, max(10, limit // 12))
        self.year.later(given, lambda at: self._give(other, run, joint_id, limit, at))

    def _give(self, other: "Place", run: OpenRun, joint_id: int, limit: int, now: datetime) -> None:
        if not is_open(run.id):
            return
        able = [key for key, _ in joint_receivers(other.id, now) if key.endswith(":specialist")]
        receiver = self.year.chance.choice(able)
        joint_assign(
            actor=self.year.some_actor(other, "reception", now), now=now, joint_id=joint_id,
            receiver=receiver,
        )  # fmt: skip
        if self.year.chance.random() < ANSWERED_SHARE:
            person = int(receiver.partition(":")[0])
            answered = other.calendar.add_minutes(now, max(20, limit // 3))
            self.year.later(answered, lambda at: self._answer(other, run, joint_id, person, at))

    def _answer(
        self, other: "Place", run: OpenRun, joint_id: int, person: int, now: datetime
    ) -> None:
        if is_open(run.id):
            actor = self.year.actor(other, self.year.user(other, person), now)
            joint_answer(actor=actor, now=now, joint_id=joint_id, answer=ANSWER)

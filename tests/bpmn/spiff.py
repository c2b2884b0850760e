"""SpiffWorkflow as a player: the oracle of the differential tests."""

from collections import Counter

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from nep.bpmn import Process, write_bpmn


class Spiff:
    """Plays a process by names of steps."""

    def __init__(self, process: Process) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(write_bpmn(process)))
        specs = parser.get_subprocess_specs(process.id)
        self.workflow = BpmnWorkflow(parser.get_spec(process.id), specs)
        self._ready: list = []

    def start(self, data: dict[str, str]) -> None:
        self.workflow.data.update(data)
        self._go_on()

    def finish(self, node: str, data: dict[str, str]) -> None:
        task = min(
            (t for t in self._ready if t.task_spec.bpmn_id == node),
            key=lambda t: t.last_state_change,
        )
        task.data.update(data)
        task.run()
        self._go_on()

    @property
    def open(self) -> Counter[str]:
        return Counter(task.task_spec.bpmn_id for task in self._ready)

    @property
    def ended(self) -> bool:
        return self.workflow.is_completed()

    def _go_on(self) -> None:
        """Run what waits for nobody, and look once at the whole tree for what is open then."""
        self.workflow.do_engine_steps()
        self._ready = list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

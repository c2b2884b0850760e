"""Run inside an installation: build the demonstration's department beside what stands there.

`python -m tests.browser.department_world`: four procedures of two units, brought into force on the
day on which `tests.populate` builds.
"""

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.demonstration import facts
from nep.demonstration.procedures import bring_into_force
from nep.foundation.outbox.worker import drain
from tests import world
from tests.populate import BUILT_AT, READY_AT, hashed_once

CODES = ("QT-TP-01", "QT-TP-02", "QT-TP-08")

if __name__ == "__main__":
    agency = world.agency_facts(world.DEPARTMENT)
    with hashed_once():
        agency_id = world.build(agency, now=BUILT_AT, procedures=False)
    source = facts.procedures_source(agency)
    for content in facts.procedures(agency):
        if content["document"] in CODES:
            bring_into_force(agency, content, agency_id=agency_id, now=BUILT_AT, source=source)
    drain(now=READY_AT)

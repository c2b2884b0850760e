import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department, other_department
from nep.apps.standards import queries
from tests.standing import kept


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people or titles."""
    organization.forget()
    queries.forget()
    yield
    organization.forget()
    queries.forget()


def with_secretary(scene: Scene) -> Scene:
    scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene


agency = kept(with_secretary, on=department)
other_agency = kept(other_department)

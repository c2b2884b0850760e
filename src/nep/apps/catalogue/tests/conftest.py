import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department, other_department
from tests.standing import kept


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


def with_secretary(scene: Scene) -> Scene:
    scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene


def other_with_secretary() -> Scene:
    scene = other_department()
    scene.person("thu2", "Đỗ Văn Khác", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene


agency = kept(with_secretary, on=department)
other_agency = kept(other_with_secretary)

import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


@pytest.fixture
def agency(db) -> Scene:
    scene = department()
    scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene


@pytest.fixture
def other_agency(db) -> Scene:
    scene = department(code="H99.20", name="Sở Tư pháp")
    scene.person("thu2", "Đỗ Văn Khác", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene

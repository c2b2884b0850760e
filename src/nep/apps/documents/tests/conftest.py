import io
import zipfile

import pytest

from nep.apps.documents.tests.copies import copies_unprinted as copies_unprinted
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import department, other_department
from tests.programs import programs_forked as programs_forked
from tests.standing import kept

agency = kept(department)
other_agency = kept(other_department)


@pytest.fixture(autouse=True)
def quick_programs(programs_forked):
    """Fork our own programs; how they are bound is proven where they are kept."""


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


@pytest.fixture
def sample_docx() -> bytes:
    """Return a small Word file."""
    out = io.BytesIO()
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Kiểm soát tài liệu</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", body)
    return out.getvalue()

import pytest

from tests.programs import programs_forked as programs_forked
from tests.programs import programs_real as programs_real


@pytest.fixture(autouse=True)
def quick_programs(programs_forked):
    """Fork our own programs, but where a test asks for the real ones."""

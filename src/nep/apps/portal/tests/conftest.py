import pytest

from tests.programs import programs_forked as programs_forked


@pytest.fixture(autouse=True)
def quick_programs(programs_forked):
    """Fork our own programs; how they are bound is proven where they are kept."""

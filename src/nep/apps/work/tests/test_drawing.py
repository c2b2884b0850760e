"""Lines drawn as text are what the components draw, and what people wrote is escaped."""

import pytest

from nep.apps.work.views._drawing import chip_text, pleat_text
from nep.foundation.web.templatetags.nep import CHIPS, chip, pleat

TEXTS = ("còn 2 giờ", "", "<b>\"x\"</b> & 'y'")


@pytest.mark.parametrize("state", sorted(CHIPS))
@pytest.mark.parametrize("text", TEXTS)
def test_a_chip_is_the_component(state, text):
    url = '/viec/7/cach-tinh/?a=1&b="2"'

    assert chip_text(state, text, url) == chip(state, text, pop_url=url)


@pytest.mark.parametrize("label", TEXTS)
@pytest.mark.parametrize(
    "steps",
    [
        (),
        ((240, 100, "done"), (1440, 37, "now"), (480, 0, "next")),
        ((0, 0, "next"),),
        ((1, 250, "late"), (10_000, 0, "strange"), (60, 1, "pause")),
    ],
)
def test_a_pleat_is_the_component(steps, label):
    assert pleat_text(steps, label) == pleat(steps, "", label)

"""A damaged model gets an answer, never an exception."""

import random
import re

import pytest

from nep.bpmn import check_model, layout, read_bpmn, render_svg, write_bpmn
from tests.bpmn.nets import random_net

TAG = re.compile(rb"<[^>]*>")
ATTRIBUTE = re.compile(rb' [\w:]+="[^"]*"')


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Return the file with one tag, attribute, name or piece changed."""
    kind = rng.randrange(4)
    if kind == 0:
        match = rng.choice(list(TAG.finditer(data)))
        return data[: match.start()] + data[match.end() :]
    if kind == 1:
        match = rng.choice(list(ATTRIBUTE.finditer(data)))
        return data[: match.start()] + data[match.end() :]
    if kind == 2:
        match = rng.choice(list(ATTRIBUTE.finditer(data)))
        name = match.group().split(b"=")[0]
        return (
            data[: match.start()]
            + name
            + rng.choice((b'=""', b'="x y"', b'="-1"'))
            + data[match.end() :]
        )
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 400) :]


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_model_is_judged_and_drawn_or_refused(seed):
    rng = random.Random(seed)
    whole = write_bpmn(random_net(seed).process)
    verdicts = set()
    for _ in range(25):
        data = damaged(whole, rng)
        verdict = check_model(data, file="x")
        verdicts.add(verdict["accepted"])
        assert verdict["accepted"] or all(r["message"].endswith(".") for r in verdict["reasons"])
        assert verdict["accepted"] or verdict["reasons"]
        process = read_bpmn(data).process
        if process is not None:
            layout(process, lanes=False)
            assert render_svg(process).startswith("<svg")
            read_bpmn(write_bpmn(process))
    assert False in verdicts

"""A damaged model gets an answer, never an exception."""

import random
import re
import time

import pytest

from nep.bpmn import check_model, layout, read_bpmn, render_svg, write_bpmn
from tests.bpmn.nets import random_net

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "laughs": (f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'.encode(), "xml_doctype"),
    "file": (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', "xml_doctype"),
    "dtd from outside": (b'<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd"><d/>', "xml_doctype"),
    "parameter entity": (b'<!DOCTYPE d [<!ENTITY % p SYSTEM "x"> %p;]><d/>', "xml_doctype"),
    "unknown entity": (b"<d>&nbsp;</d>", "xml_broken"),
    "depth": (b"<a>" * 50_000 + b"</a>" * 50_000, "xml_too_deep"),
    "size": (b"<a>" + b" " * 20_000_001 + b"</a>", "xml_too_big"),
    "encoding that is none": (b'<?xml version="1.0" encoding="khong-co"?><d/>', "xml_broken"),
    "encoding that lies": (b'<?xml version="1.0" encoding="UTF-16"?><d/>', "xml_broken"),
    "bytes of no text": (b'<?xml version="1.0" encoding="UTF-8"?><d n="\xff\xfe"/>', "xml_broken"),
    "zero byte": (b"<d>\x00</d>", "xml_broken"),
    "two roots": (b"<d/><d/>", "xml_broken"),
    "undeclared prefix": (b"<bpmn:definitions/>", "xml_broken"),
    "nothing": (b"", "xml_broken"),
    "another file": (b"PK\x03\x04\x00\x00", "xml_broken"),
    "another language": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_bpmn"),
    "an included file": (
        b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>', "not_bpmn",
    ),
    "no process": (f"{HEAD}<process id='p'/></definitions>".encode(), "no_process"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_reason_at_once(name):
    data, code = HOSTILE[name]
    began = time.process_time()
    reading = read_bpmn(data)
    assert time.process_time() - began < 2
    assert reading.process is None and reading.sketch is None
    assert [reason.code for reason in reading.reasons] == [code]
    assert reading.reasons[0].message.endswith(".")


def test_what_looks_like_markup_in_names_comes_out_as_text_only():
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"
    inside = f'<startEvent id="s"/><userTask id="t" name="{evil}"/><endEvent id="e" name="{evil}"/>'
    data = f'{HEAD}<process id="p" name="{evil}">{inside}</process></definitions>'.encode()
    reading = read_bpmn(data)
    drawn = render_svg(reading.process)
    written = write_bpmn(reading.process)
    assert b"<script" not in written and "<script" not in drawn and ' onload="' not in drawn
    assert read_bpmn(written).process == reading.process


@pytest.mark.parametrize("twice", ["a", ""])
def test_sub_processes_of_one_name_inside_each_other_come_to_an_end(twice):
    inner = f'<subProcess id="{twice}"><userTask id="t"/></subProcess>'
    inside = f'<subProcess id="{twice}">{inner}</subProcess><subProcess id="{twice}"/>'
    data = f'{HEAD}<process id="p">{inside}</process></definitions>'.encode()
    sketch = read_bpmn(data).sketch
    assert "t" in layout(sketch).boxes
    assert render_svg(sketch).startswith("<svg")
    assert read_bpmn(write_bpmn(sketch)).sketch is not None


def test_an_event_that_bears_the_id_of_its_own_step_is_drawn_all_the_same():
    inside = (
        '<startEvent id="s"/><userTask id="a"/>'
        '<boundaryEvent id="a" attachedToRef="a"><timerEventDefinition/></boundaryEvent>'
    )
    data = f'{HEAD}<process id="p">{inside}</process></definitions>'.encode()
    sketch = read_bpmn(data).sketch
    assert render_svg(sketch).startswith("<svg")
    assert read_bpmn(write_bpmn(sketch)).sketch is not None


def test_sixteen_bits_a_letter_with_their_mark_are_read():
    inside = '<startEvent id="s" name="Tiếp nhận"/><endEvent id="e"/>'
    text = f'<?xml version="1.0" encoding="UTF-16"?>{HEAD}<process id="p">{inside}</process>'
    reading = read_bpmn(f"{text}</definitions>".encode("utf-16"))
    assert [node.name for node in reading.process.nodes] == ["Tiếp nhận", ""]


def test_a_wide_flat_file_costs_time_by_its_size_only():
    def cost(count: int) -> float:
        tasks = "".join(
            f'<userTask id="t{n}" a="{n}"><x xmlns="u"/></userTask>' for n in range(count)
        )
        data = f'{HEAD}<process id="p">{tasks}</process></definitions>'.encode()
        began = time.process_time()
        reading = read_bpmn(data)
        write_once = time.process_time() - began
        assert len(reading.sketch.nodes) == count
        return write_once

    cost(100)
    assert cost(4_000) < 60 * max(cost(400), 0.005)


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

"""Reference models of the OMG and models of real municipalities: accepted, or refused exactly."""

import re
from collections import Counter

import pytest

from nep.bpmn import check_model, read_bpmn, render_svg, write_bpmn
from nep.bpmn.portrait import portray
from nep.bpmn.verdict import draw_verdict
from nep.kernel.safexml import parse_xml
from tests.bpmn.sameness import differences

ACCEPTED = {
    "bpmn_miwg/A.1.0": "structure", "bpmn_miwg/A.2.0": "structure",
    "bpmn_miwg/A.2.1": "structure", "bpmn_miwg/A.4.0": "structure",
    "bpmn_miwg/A.4.1": "structure", "bpmn_miwg/C.1.0": "executable",
    "bpmn_miwg/C.1.1": "executable", "bpmn_miwg/C.9.1": "executable",
    "mo_hinh/bpmn/dk_address_change": "executable",
    "mo_hinh/bpmn/dk_association_booking": "executable",
    "mo_hinh/bpmn/dk_building_permit": "executable",
    "mo_hinh/bpmn/dk_citizen_service_application": "executable",
    "mo_hinh/bpmn/dk_company_verification": "executable",
    "mo_hinh/bpmn/dk_contact_form": "executable", "mo_hinh/bpmn/dk_foi_request": "executable",
    "mo_hinh/bpmn/dk_hr_onboarding": "executable", "mo_hinh/bpmn/nl_receipt_wabo": "structure",
}  # fmt: skip
"""How each model of the subset may be used: to run, or for its structure only."""
REFUSED = {
    "bpmn_miwg/A.3.0": {("escalation_event", "_178e16eb-4c9e-4ea0-9644-7c5fb2b71825", 19)},
    "bpmn_miwg/B.2.0": {
        *(("conditional_event", None, line) for line in (9, 61, 115, 275)),
        *(("escalation_event", None, line) for line in (53, 285, 332, 496)),
        *(("link_event", None, line) for line in (359, 441)),
        *(("signal_event", None, line) for line in (77, 152, 294, 404, 411, 431, 461)),
        ("multi_instance", None, 130), ("standard_loop", None, 141), ("timer_event", None, 71),
    },
    "bpmn_miwg/C.4.0": {
        *(("signal_event", None, line) for line in (112, 199, 289, 356)),
        ("standard_loop", None, 321),
    },
    "bpmn_miwg/C.7.0": {("business_rule_task", "_eae674ce-4d6e-48ac-819c-c79e0868e40d", 149)},
}  # fmt: skip
"""Codes (behind “outside_”), elements where the file has few, and lines of all that is refused."""


def test_every_model_of_the_material_is_expected_here(real_data):
    folders = (real_data / "bpmn_miwg", real_data / "mo_hinh" / "bpmn")
    found = {str(p.relative_to(real_data))[:-5] for f in folders for p in f.glob("*.bpmn")}
    assert found == ACCEPTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_model_of_the_subset_is_read_and_survives_a_round_trip(name, real_data):
    data = (real_data / f"{name}.bpmn").read_bytes()
    reading = read_bpmn(data)
    assert reading.reasons == ()
    assert reading.executable == (ACCEPTED[name] == "executable")
    verdict = check_model(data, file=name)
    assert (verdict["use"], verdict["accepted"], verdict["sound"]) == (ACCEPTED[name], True, True)
    assert verdict["reasons"] == [] and verdict["path"] == []
    process = reading.process
    written = write_bpmn(process)
    assert differences(data, written) == []
    again = read_bpmn(written).process
    assert again == process
    assert write_bpmn(again) == written
    assert render_svg(process).count("data-node=") == len(process.nodes)


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_outside_is_refused_with_the_element_and_its_line(name, real_data):
    data = (real_data / f"{name}.bpmn").read_bytes()
    verdict = check_model(data, file=name)
    assert (verdict["accepted"], verdict["subset"], verdict["sound"]) == (False, False, None)
    known = {element for _, element, _ in REFUSED[name]} - {None}
    found = {
        (r["code"].removeprefix("outside_"), r["element"] if known else None, r["line"])
        for r in verdict["reasons"]
    }
    assert found == REFUSED[name] and len(found) == len(verdict["reasons"])
    lines = data.decode("utf-8", "replace").splitlines()
    for reason in verdict["reasons"]:
        assert reason["message"].endswith(".")
        start_tag = " ".join(lines[reason["line"] - 1 : reason["line"] + 6])
        assert f'"{reason["element"]}"' in start_tag


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_still_kept_whole_to_be_drawn(name, real_data):
    data = (real_data / f"{name}.bpmn").read_bytes()
    sketch = read_bpmn(data).sketch
    assert differences(data, write_bpmn(sketch)) == []
    assert render_svg(sketch).count("data-node=") == len(sketch.nodes)
    verdict = check_model(data, file=name)
    drawn = draw_verdict(data, verdict)
    marked = set(re.findall(r'bp-err" data-node="([^"]+)" id="hinh-\d+"', drawn))
    assert marked == {reason["element"] for reason in verdict["reasons"]}
    parse_xml(drawn.encode())


def test_the_files_own_diagram_is_drawn_with_pools_data_and_messages(real_data):
    data = (real_data / "bpmn_miwg/C.1.0.bpmn").read_bytes()
    drawn = portray(data)
    root = parse_xml(drawn.encode())
    classes = Counter(c for e in root.iter() for c in (e.get("class") or "").split())
    assert classes["bp-pool"] == 2 + classes["bp-pool--lane"] and classes["bp-msg"] == 5
    assert drawn.count("data-node=") == 21 and classes["bp-word"] == 4
    other = portray((real_data / "bpmn_miwg/C.7.0.bpmn").read_bytes())
    assert other.count('class="bp-data"') == 5 and "bp-assoc" in other
    assert portray((real_data / "mo_hinh/bpmn/dk_foi_request.bpmn").read_bytes()) == ""
    assert portray(b"<x/>") == portray(b"") == ""


def test_what_a_model_of_others_holds_besides_is_kept(real_data):
    process = read_bpmn((real_data / "bpmn_miwg/C.1.1.bpmn").read_bytes()).process
    written = write_bpmn(process).decode()
    for word in ("dataObjectReference", "potentialOwner", "graphStyle", "BPMNDiagram", "dataStore"):
        assert word in written
    kinds = {" ".join(node.name.split()): (node.kind, node.service) for node in process.nodes}
    assert kinds["Archive Invoice"] == ("task", True)
    conditions = {flow.condition for flow in process.flows}
    assert {"approved", "not(approved)", "clarified = 'yes'"} <= conditions

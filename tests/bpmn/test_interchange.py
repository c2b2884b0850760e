"""Every construct of the subset as XML: read, written, nothing lost, and each loss is shown."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nep.bpmn import (
    Called,
    Flow,
    Instances,
    Lane,
    Node,
    Process,
    Trigger,
    read_bpmn,
    write_bpmn,
)
from nep.bpmn.markup import BPMN, NEP
from nep.bpmn.triggers import unwrapped
from tests.bpmn.sameness import differences

HEAD = (
    f'<definitions xmlns="{BPMN}" xmlns:nep="{NEP}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="x" id="d">'
)


def read(inside: str, around: str = ""):
    return read_bpmn(f'{HEAD}{around}<process id="p">{inside}</process></definitions>'.encode())


def node(inside: str, around: str = "", name: str = "n") -> Node:
    reading = read(inside, around)
    assert reading.reasons == ()
    return next(one for one in reading.process.nodes if one.id == name)


TIMERS = {
    "<timeDate>2026-11-24T09:00:00+07:00</timeDate>":
        Trigger("timer", "date", "2026-11-24T09:00:00+07:00"),
    "<timeDuration>P5D</timeDuration>": Trigger("timer", "duration", "P5D"),
    "<timeDuration>${ han_cho }</timeDuration>": Trigger("timer", "duration", "han_cho"),
    "<timeDuration>= hanCho</timeDuration>": Trigger("timer", "duration", "hanCho"),
    "<timeCycle>R3/PT4H</timeCycle>": Trigger("timer", "cycle", "R3/PT4H"),
    "": Trigger("timer"),
}  # fmt: skip


@pytest.mark.parametrize("said", TIMERS)
def test_a_timer_is_read_in_each_of_its_forms(said):
    inside = f'<timerEventDefinition id="t">{said}</timerEventDefinition>'
    caught = node(f'<intermediateCatchEvent id="n">{inside}</intermediateCatchEvent>')
    assert (caught.kind, caught.trigger) == ("catch", TIMERS[said])


def test_days_of_a_timer_may_be_working_days():
    inside = (
        '<timerEventDefinition nep:unit="working_day"><timeDuration>P5D</timeDuration>'
        "</timerEventDefinition>"
    )
    caught = node(f'<intermediateCatchEvent id="n">{inside}</intermediateCatchEvent>')
    assert caught.trigger == Trigger("timer", "duration", "P5D", "working_day")


def test_messages_errors_and_events_defined_at_the_root_are_found_by_their_id():
    around = (
        '<message id="M" name="Đã nộp phí"/><error id="E" name="Sai" errorCode="SAI_HO_SO"/>'
        '<messageEventDefinition id="D" messageRef="M"/>'
    )
    start = '<startEvent id="n"><eventDefinitionRef>D</eventDefinitionRef></startEvent>'
    assert node(start, around).trigger == Trigger("message", name="Đã nộp phí")
    task = '<receiveTask id="n" messageRef="M" camunda:asyncBefore="true"/>'
    got = node(task, around)
    assert (got.kind, got.trigger) == ("receive", Trigger("message", name="Đã nộp phí"))
    assert ("{http://camunda.org/schema/1.0/bpmn}asyncBefore", "true") in got.extra
    edge = (
        '<userTask id="b"/><boundaryEvent id="n" attachedToRef="b" cancelActivity="false">'
        '<errorEventDefinition errorRef="E"/></boundaryEvent>'
    )
    got = node(edge, around)
    assert (got.kind, got.attached_to, got.cancels) == ("boundary", "b", False)
    assert got.trigger == Trigger("error", name="SAI_HO_SO")
    ended = node('<endEvent id="n"><errorEventDefinition errorRef="E"/></endEvent>', around)
    assert (ended.kind, ended.trigger) == ("error_end", Trigger("error", name="SAI_HO_SO"))


def test_a_message_without_a_name_is_called_as_its_flow_or_its_event_and_that_is_said():
    around = (
        '<collaboration id="c"><messageFlow id="f" name="Trả lời" sourceRef="x" targetRef="n"/>'
        "</collaboration>"
    )
    inside = '<intermediateCatchEvent id="n" name="Chờ"><messageEventDefinition/>'
    inside += "</intermediateCatchEvent>"
    assert node(inside, around).trigger == Trigger("message", name="Trả lời")
    assert node(inside).trigger == Trigger("message", name="Chờ")
    assert [w.code for w in read(inside).warnings] == ["event_named"]


LOOPS = {
    "<loopCardinality>3</loopCardinality>": Instances(count=3),
    '<loopCardinality xmlns:camunda="x">${ 3 }</loopCardinality>': Instances(count=3),
    "<loopDataInputRef>don_vi</loopDataInputRef>": Instances(over="don_vi"),
    "<completionCondition>${ nrOfCompletedInstances = nrOfInstances }</completionCondition>":
        Instances(until="done = total"),
    '<extensionElements><zeebe:loopCharacteristics inputCollection="= donVi"/></extensionElements>':
        Instances(over="donVi"),
    "": Instances(),
}  # fmt: skip


@pytest.mark.parametrize("said", LOOPS)
def test_a_step_of_many_units_is_read_as_the_tools_write_it(said):
    loop = f"<multiInstanceLoopCharacteristics>{said}</multiInstanceLoopCharacteristics>"
    assert node(f'<userTask id="n">{loop}</userTask>').instances == LOOPS[said]


def test_lists_of_units_by_attribute_and_a_number_that_is_none():
    for prefix in ("nep", "camunda"):
        loop = f'<multiInstanceLoopCharacteristics isSequential="true" {prefix}:collection="dv"/>'
        assert node(f'<userTask id="n">{loop}</userTask>').instances == Instances("dv", None, True)
    wrong = (
        '<userTask id="n"><multiInstanceLoopCharacteristics><loopCardinality>nhiều'
        "</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    )
    assert [r.code for r in read(wrong).reasons] == ["instances_form"]


def test_a_call_is_pinned_and_a_sub_process_holds_its_own_nodes_and_lanes():
    called = node('<callActivity id="n" calledElement="QT-01" nep:version="abc"/>')
    assert (called.kind, called.called) == ("call", Called("QT-01", "abc"))
    inside = (
        '<laneSet id="l"><lane id="l1" name="Văn thư"><flowNodeRef>n</flowNodeRef></lane></laneSet>'
        '<subProcess id="n"><startEvent id="s"/><userTask id="t"/><subProcess id="m">'
        '<userTask id="u"/></subProcess><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        '</subProcess><userTask id="v"/>'
    )
    process = read(inside).process
    assert [(one.id, one.parent) for one in process.nodes] == [
        ("n", ""), ("s", "n"), ("t", "n"), ("m", "n"), ("u", "m"), ("v", ""),
    ]  # fmt: skip
    assert {one.id: one.role for one in process.nodes if one.kind == "task"} == {
        "t": "Văn thư", "u": "Văn thư", "v": "",
    }  # fmt: skip


REFUSED = {
    '<startEvent id="n"><timerEventDefinition/></startEvent>': "timer_event",
    '<startEvent id="n"><signalEventDefinition/></startEvent>': "signal_event",
    '<endEvent id="n"><escalationEventDefinition/></endEvent>': "escalation_event",
    '<intermediateCatchEvent id="n"/>': "bare_event",
    '<intermediateCatchEvent id="n"><errorEventDefinition/></intermediateCatchEvent>': "error_event",
    '<intermediateThrowEvent id="n"><linkEventDefinition/></intermediateThrowEvent>': "link_event",
    '<intermediateCatchEvent id="n"><timerEventDefinition/><messageEventDefinition/>'
    "</intermediateCatchEvent>": "multiple_event",
    '<subProcess id="n" triggeredByEvent="true"/>': "event_sub_process",
    '<transaction id="n"/>': "transaction",
    '<adHocSubProcess id="n"/>': "ad_hoc",
    '<complexGateway id="n"/>': "complex_gateway",
    '<scriptTask id="n"><script>rm()</script></scriptTask>': "script_task",
    '<businessRuleTask id="n"/>': "business_rule_task",
    '<userTask id="n"><standardLoopCharacteristics/></userTask>': "standard_loop",
    '<userTask id="n" isForCompensation="true"/>': "compensation",
    '<subProcess id="n"><multiInstanceLoopCharacteristics/></subProcess>': "multi_instance",
    '<receiveTask id="n" instantiate="true"/>': "instantiate",
    '<eventBasedGateway id="n" instantiate="true"/>': "instantiate",
}  # fmt: skip


@pytest.mark.parametrize("inside", REFUSED)
def test_what_does_not_run_is_refused_by_its_name_at_its_line(inside):
    reading = read(f"\n{inside}\n")
    assert reading.process is None
    assert [(r.code, r.element, r.line) for r in reading.reasons] == [
        ("outside_" + REFUSED[inside], "n", 2)
    ]
    assert [one.id for one in reading.sketch.nodes] == ["n"]


def test_a_message_at_the_start_of_a_sub_process_is_refused():
    start = '<startEvent id="s"><messageEventDefinition/></startEvent>'
    reasons = read(f'<subProcess id="n">{start}</subProcess>').reasons
    assert [(r.code, r.element) for r in reasons] == [("outside_inner_message_start", "s")]


NAMES = st.text(st.sampled_from("ăâêôơưđ ab&<>\"'=."), max_size=8).map(
    lambda t: " ".join(t.split())
)
SAID = NAMES.filter(bool)
PLAIN = SAID.filter(lambda text: unwrapped(text) == text)  # "=b" is another tool's way to say "b"
TIMER = st.builds(
    Trigger, st.just("timer"), st.sampled_from(("date", "duration", "cycle")), PLAIN,
    st.sampled_from(("", "working_day", "working_hour")),
)  # fmt: skip
MESSAGE = st.builds(lambda name: Trigger("message", name=name), SAID)
ERROR = st.builds(lambda name: Trigger("error", name=name), SAID)
LOOP = st.one_of(
    st.builds(Instances, SAID, st.none(), st.booleans(), st.sampled_from(("", "done = 2"))),
    st.builds(Instances, st.just(""), st.integers(0, 9), st.booleans(), st.just("done < total")),
)


@st.composite
def wide_processes(draw):
    """Return a process with every construct of the subset, two sub-processes deep."""
    nodes = [Node("s", "start", draw(NAMES), trigger=draw(st.none() | MESSAGE))]
    for place, parent in enumerate(("", "box", "inner")):
        tag = f"-{place}"
        nodes += [
            Node("t" + tag, "task", draw(NAMES), parent=parent, instances=draw(st.none() | LOOP)),
            Node("n" + tag, "send", draw(NAMES), parent=parent, trigger=draw(MESSAGE)),
            Node("r" + tag, "receive", draw(NAMES), parent=parent, trigger=draw(MESSAGE)),
            Node("c" + tag, "catch", draw(NAMES), parent=parent, trigger=draw(TIMER | MESSAGE)),
            Node("o" + tag, "throw", parent=parent, trigger=draw(st.none() | MESSAGE)),
            Node("b" + tag, "boundary", draw(NAMES), parent=parent, attached_to="t" + tag,
                 cancels=draw(st.booleans()),
                 trigger=draw(TIMER | MESSAGE | ERROR | st.just(Trigger("error")))),
            Node("g" + tag, "event_gateway", parent=parent),
            Node("l" + tag, "call", parent=parent,
                 called=draw(st.builds(Called, SAID, st.just("") | SAID))),
            Node("e" + tag, "error_end", parent=parent, trigger=draw(ERROR)),
            Node("m" + tag, "end", parent=parent, trigger=draw(st.none() | MESSAGE)),
            Node("k" + tag, "terminate", parent=parent),
        ]  # fmt: skip
        if place < 2:
            nodes.append(Node(("box", "inner")[place], "subprocess", draw(NAMES), parent=parent))
    flows = tuple(Flow(f"f-{n}", f"t-{n}", f"c-{n}", draw(NAMES)) for n in range(3))
    lanes = (Lane("lane", draw(NAMES), draw(NAMES), ("s", "t-0")),) if draw(st.booleans()) else ()
    return Process("p", draw(NAMES), tuple(nodes), flows, lanes)


@settings(max_examples=12, deadline=None)
@given(wide_processes())
def test_every_construct_survives_its_own_writing(process):
    reading = read_bpmn(write_bpmn(process))
    assert reading.reasons == ()
    assert reading.process == process


RICH = f"""<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="{BPMN}" xmlns="urn:mặc-định" xmlns:hang="urn:hãng" xmlns:xs="urn:kiểu"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="d" targetNamespace="urn:đích" exporter="Hãng" hang:phienBan="7">
  <b:itemDefinition id="i" structureRef="xs:string"/>
  <b:message id="M" name="Đã nộp phí" itemRef="i"/>
  <b:collaboration id="c"><b:participant id="pa" processRef="p" name="Sở"/>
    <b:messageFlow id="mf" sourceRef="pb" targetRef="w"/></b:collaboration>
  <b:process id="p" isExecutable="true" processType="Private" hang:mau="xanh">
    <b:documentation id="tl" textFormat="text/html">Ghi chú</b:documentation>
    <b:extensionElements><hang:mo ta="1"><khong xmlns="">đây</khong>cuối</hang:mo></b:extensionElements>
    <b:laneSet id="ls" name="Làn"><b:lane id="l1" name="Một cửa"><b:documentation>x</b:documentation>
      <b:flowNodeRef>s</b:flowNodeRef><b:flowNodeRef>w</b:flowNodeRef></b:lane></b:laneSet>
    <b:startEvent id="s" name="" isInterrupting="true"><b:outgoing>f</b:outgoing></b:startEvent>
    <b:intermediateCatchEvent id="w" name="Chờ phí"><b:incoming>f</b:incoming>
      <b:messageEventDefinition id="md" messageRef="M"><b:documentation>vì sao</b:documentation>
      </b:messageEventDefinition></b:intermediateCatchEvent>
    <b:task id="t" name="Hỏi ý kiến" hang:x="1">
      <b:ioSpecification id="io"><b:inputSet/><b:outputSet/></b:ioSpecification>
      <b:potentialOwner id="po"><b:resourceRef>r</b:resourceRef></b:potentialOwner>
      <b:multiInstanceLoopCharacteristics id="mi" hang:collection="donVi" behavior="All"/></b:task>
    <b:subProcess id="sp" triggeredByEvent="false"><b:laneSet id="trong"><b:lane id="l2" name="A">
      <b:flowNodeRef>u</b:flowNodeRef></b:lane></b:laneSet><b:userTask id="u"/>
      <b:textAnnotation id="ta"><b:text>Lưu ý &amp; nhớ</b:text></b:textAnnotation></b:subProcess>
    <b:endEvent id="e"><b:terminateEventDefinition id="te"/></b:endEvent>
    <b:sequenceFlow id="f" name="" sourceRef="s" targetRef="w" isImmediate="true"/>
    <b:sequenceFlow id="g" sourceRef="w" targetRef="t"><b:conditionExpression
      xsi:type="b:tFormalExpression" id="ce" language="http://x">${{ a = 1 }}</b:conditionExpression>
    </b:sequenceFlow>
    <b:dataObject id="do" isCollection="true"/><b:association id="as" sourceRef="t" targetRef="do"/>
    <b:group id="gr" categoryValueRef="cv"/>
  </b:process>
  <b:relationship type="r"/>
</b:definitions>"""


def test_all_that_others_wrote_comes_out_again():
    data = RICH.encode()
    process = read_bpmn(data).process
    written = write_bpmn(process)
    assert differences(data, written) == []
    assert read_bpmn(written).process == process
    assert b'xmlns:hang="urn:h' in written and written.count(b"xmlns:hang") == 1


def test_every_model_of_our_own_survives_a_round_trip():
    files = sorted(Path(__file__).parent.glob("*/*.bpmn"))
    assert len(files) >= 10
    for file in files:
        data = file.read_bytes()
        sketch = read_bpmn(data).sketch
        written = write_bpmn(sketch)
        assert differences(data, written) == [], file.name
        assert read_bpmn(written).sketch == sketch, file.name


def test_each_difference_of_two_files_is_shown():
    whole = RICH.encode()
    losses = {
        ' hang:x="1"': "hãng}x", ' isCollection="true"': "isCollection", "vì sao": "'vì sao'",
        '<b:flowNodeRef>u</b:flowNodeRef>': "flowNodeRef", ' textFormat="text/html"': "textFormat",
        "xs:string": "kiểu}string", "cuối": "tail", ' id="ce"': "#ce", "&amp; nhớ": "Lưu ý",
        '<b:relationship type="r"/>': "relationship", 'behavior="All"': "behavior",
    }  # fmt: skip
    for text, said in losses.items():
        shown = differences(whole, RICH.replace(text, "", 1).encode())
        assert any(line.startswith("- ") and said in line for line in shown), text
    more = RICH.replace("<b:inputSet/>", "<b:inputSet/><b:inputSet/>").encode()
    assert any(line.startswith("+ ") and "inputSet" in line for line in differences(whole, more))


def test_what_was_changed_since_is_written_anew_and_not_as_it_came():
    process = read_bpmn(RICH.encode()).process
    nodes = {
        "w": {"trigger": Trigger("timer", "duration", "P2D")},
        "t": {"instances": None},
        "e": {"kind": "end"},
    }
    changed = Process(
        process.id, process.name,
        tuple(_changed(one, nodes.get(one.id, {})) for one in process.nodes),
        tuple(_changed(one, {"condition": "b = 2"} if one.id == "g" else {}) for one in process.flows),
        (Lane("l1", "Văn thư", "van_thu", ("s",)),), process.foreign,
    )  # fmt: skip
    again = read_bpmn(write_bpmn(changed)).process
    assert (again.nodes, again.flows, again.lanes) == (changed.nodes, changed.flows, changed.lanes)


def _changed(value, facts):
    return type(value)(**{name: getattr(value, name) for name in value.__slots__} | facts)

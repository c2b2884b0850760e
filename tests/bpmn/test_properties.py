"""What holds for every net and every text: tokens, inputs, codecs, round trips."""

import copy
import json
import random
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nep.bpmn import (
    Flow,
    Lane,
    Limit,
    Node,
    Process,
    TaskDone,
    advance,
    compile_process,
    content_hash,
    decode_state,
    encode_state,
    engine,
    evaluate,
    layout,
    parse_condition,
    process_from_dict,
    process_to_dict,
    prove_soundness,
    read_bpmn,
    render_svg,
    start,
    tables,
    write_bpmn,
)
from nep.bpmn.conditions import ConditionError
from nep.kernel.safexml import parse_xml
from tests.bpmn.nets import random_net
from tests.bpmn.players import play_beside_game

SEEDS = st.integers(0, 10**6)
QUICK = settings(max_examples=25, deadline=None)  # drills/fuzz.py and drills/nets.py draw more
XML_TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff",
        include_characters="\n\t\r&<>\"'",
    ),
    max_size=12,
)  # fmt: skip
IDS = st.from_regex(r"[A-Za-z_ăđêôơư][\w.\-]{0,6}", fullmatch=True)


@st.composite
def processes(draw):
    """Return a process with every attribute of ours, sound or not."""
    names = draw(st.lists(IDS, min_size=3, max_size=8, unique=True))
    limits = st.builds(
        Limit,
        st.decimals(Decimal("0.01"), 999, places=2),
        st.sampled_from(("working_hour", "working_day", "calendar_day")),
    )
    nodes = [Node(names[0], "start", name=draw(XML_TEXT))]
    for name in names[1:-1]:
        kind = draw(st.sampled_from(("task", "task", "exclusive", "parallel", "inclusive")))
        task = kind == "task"
        nodes.append(
            Node(
                name, kind, draw(XML_TEXT), draw(XML_TEXT) if task else "",
                draw(st.none() | limits) if task else None, draw(st.booleans()),
                tuple(draw(st.lists(XML_TEXT, max_size=2))), None,
                draw(st.booleans()), draw(st.booleans()), draw(XML_TEXT),
                tuple(draw(st.dictionaries(
                    st.sampled_from(("completionQuantity", "{urn:other}colour", "{urn:b}c")), XML_TEXT
                )).items()),
                draw(st.booleans()),
            )
        )  # fmt: skip
    nodes.append(Node(names[-1], draw(st.sampled_from(("end", "terminate")))))
    flows = []
    for number in range(draw(st.integers(1, 9))):
        flows.append(
            Flow(
                f"flow-{number}", draw(st.sampled_from(names)), draw(st.sampled_from(names)),
                draw(XML_TEXT), draw(st.sampled_from(("", "a = 1", "b < 'x & y'", "không c"))),
                draw(st.booleans()), draw(st.none() | st.integers(1, 9)),
            )
        )  # fmt: skip
    members = draw(st.lists(st.sampled_from(names), unique=True))
    lanes = (Lane("lane-1", draw(XML_TEXT), draw(XML_TEXT), tuple(members)),) if members else ()
    return Process(f"p-{draw(IDS)}", draw(XML_TEXT), tuple(nodes), tuple(flows), lanes)


SVG = "{http://www.w3.org/2000/svg}"


@QUICK
@given(SEEDS)
def test_tokens_are_conserved_and_a_proven_net_never_stops_before_its_end(seed):
    net = random_net(seed)
    proof = prove_soundness(net.process, cap=3_000)
    assert proof.sound or proof.reasons[0].code == "too_many_states"
    assert play_beside_game(net, engine=engine, tables=tables)


@QUICK
@given(SEEDS)
def test_advance_leaves_its_inputs_untouched_and_answers_the_same_again(seed):
    net = random_net(seed)
    compiled = compile_process(net.process)
    rng = random.Random(seed)
    state, _ = start(compiled, data={})
    finished: dict[str, int] = {}
    data: dict[str, str] = {}
    for _ in range(12):
        open_tokens = [token for token in state.tokens if not token.flow]
        if not open_tokens:
            break
        token = rng.choice(open_tokens)
        finished[token.node] = finished.get(token.node, 0) + 1
        data = {**data, **net.choice(token.node, finished[token.node])}
        kept_state, kept_data = copy.deepcopy(state), dict(data)
        first = advance(compiled, state, TaskDone(token.id, data))
        stored = decode_state(encode_state(state))
        assert (state, data) == (kept_state, kept_data)
        assert advance(compiled, stored, TaskDone(token.id, data)) == first
        state = first[0]


@QUICK
@given(processes())
def test_a_process_survives_bpmn_with_all_our_attributes(process):
    reading = read_bpmn(write_bpmn(process))
    assert reading.reasons == ()
    assert reading.process == process


@QUICK
@given(processes())
def test_a_process_survives_json_and_keeps_its_hash(process):
    again = process_from_dict(json.loads(json.dumps(process_to_dict(process))))
    assert again == process
    assert content_hash(again) == content_hash(process)
    renamed = Process(process.id, process.name + "x", process.nodes, process.flows, process.lanes)
    assert content_hash(renamed) != content_hash(process)


@QUICK
@given(processes())
def test_every_process_is_drawn_as_well_formed_svg_without_style(process):
    plan = layout(process)
    drawn = render_svg(process, marks={process.nodes[1].id: "now"})
    root = parse_xml(_printable(drawn).encode())
    groups = [e for e in root.iter() if e.get("data-node")]
    assert len(groups) == len(process.nodes) == len(plan.boxes)
    names = {_printable(node.id): _printable(node.name) for node in process.nodes}
    for group in groups:
        said = " ".join(text.text or "" for text in group.iter(f"{SVG}text"))
        name = names[group.get("data-node") or ""]
        assert group.find(f"{SVG}title") is not None or (name and said.startswith(name))
    assert not any(element.get("style") for element in root.iter())


@QUICK
@given(SEEDS)
def test_boxes_never_overlap_and_lines_run_square(seed):
    plan = layout(random_net(seed).process)
    boxes = list(plan.boxes.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.bottom <= other.y or other.bottom <= one.y
        assert one.x >= 0 and one.right <= plan.width and one.bottom <= plan.height
    for points in plan.waypoints.values():
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_refused_with_a_sentence(text):
    try:
        tree = parse_condition(text)
    except ConditionError as refusal:
        assert refusal.message.endswith(".") and 0 <= refusal.position <= len(text) + 1
    else:
        assert evaluate(tree, {}) in (True, False)


SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.floats() | st.decimals()


@given(SCALARS, st.sampled_from(("=", "!=", "<", "<=", ">", ">=")), SCALARS)
def test_evaluation_is_total_whatever_the_case_holds(value, sign, other):
    tree = parse_condition(f"a {sign} b or a in (b, 1, 'x') or not a")
    assert evaluate(tree, {"a": value, "b": other}) in (True, False)
    assert evaluate(parse_condition(f"a {sign} 1"), {}) is False


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or c >= " ")


def test_equal_amounts_written_differently_have_one_hash():
    def one(amount: str) -> str:
        return content_hash(
            Process("p", nodes=(Node("a", "task", limit=Limit(Decimal(amount), "working_day")),))
        )

    assert one("2.50") == one("2.5") != one("25")

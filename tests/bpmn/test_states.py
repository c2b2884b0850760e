"""Stored states and hashes: what an earlier release wrote is read for ever, and read the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.bpmn import (
    Flow,
    Foreign,
    Instances,
    Lane,
    Limit,
    MessageSent,
    Node,
    Process,
    Scope,
    State,
    StateError,
    TaskDone,
    Token,
    Trigger,
    advance,
    compile_process,
    content_hash,
    decode_state,
    encode_state,
    start,
)
from nep.bpmn.state import STUCK, STUCK_BEFORE

# Golden: written by the first release; only ever added to.
VERSION_1 = {
    "1:r:3:2=b2": State((Token(2, "b2"),), 3),
    "1:r:6:4=b4,5=b5": State((Token(4, "b4"), Token(5, "b5")), 6),
    "1:e:10:": State((), 10, "ended"),
    "1:r:7:3=b2,6=P2>f9": State((Token(3, "b2"), Token(6, "P2", "f9")), 7),
    "1:i:4:3=X1>!": State((Token(3, "X1", STUCK),), 4, "incident"),
    "1:r:2:1=b%C6%B0%E1%BB%9Bc%201": State((Token(1, "bước 1"),), 2),
    "1:r:5:4=a%3Db%3Ec>f%2C%3A%40": State((Token(4, "a=b>c", "f,:@"),), 5),
}  # fmt: skip
# Golden: written since there are scopes; only ever added to.
VERSION_2 = {
    "2:r:4:3=ai@2:2=S:": State((Token(3, "ai", scope=2),), 4, scopes=(Scope(2, "S"),)),
    "2:r:9:5=a@2,7=y@6,8=P>f1@2:2=S,6=y@2;3;1;2:2=t": State(
        (Token(5, "a", scope=2), Token(7, "y", scope=6), Token(8, "P", "f1", 2)), 9, "running",
        (Scope(2, "S"), Scope(6, "y", 2, 3, 1, 2)), ((2, "t"),)),
    "2:r:4:1=a,3=c::1=t": State((Token(1, "a"), Token(3, "c")), 4, spent=((1, "t"),)),
    "2:i:4:3=y>!?@2:2=S:": State(
        (Token(3, "y", STUCK_BEFORE, 2),), 4, "incident", (Scope(2, "S"),)),
    "2:r:4:3=bước@2:2=S%3B1%402:2=h%E1%BA%B9n%3D": State(
        (Token(3, "bước", scope=2),), 4, "running", (Scope(2, "S;1@2"),), ((2, "hẹn="),)),
}  # fmt: skip


@pytest.mark.parametrize("text", [*VERSION_1, *VERSION_2])
def test_a_stored_state_is_read_and_written_as_ever(text):
    state = {**VERSION_1, **VERSION_2}[text]
    assert decode_state(text) == state
    assert encode_state(state) == text


@pytest.mark.parametrize(
    "text",
    ["", "3:r:1:", "1", "1:r:1", "1:x:1:", "1:r:n:", "1:r:2:1", "1:r:2:=a", "1:r:2:a=b", "2:r:2:1=a",
     "2:r:2:1=a@x::", "2:r:2:1=a:1=S;1;2:", "2:r:2:1=a:S:", "2:r:2:1=a::t", "2:r:2:1=a:::", "1:r:2:1=a::"],
)  # fmt: skip
def test_a_damaged_text_is_refused_with_a_sentence(text):
    with pytest.raises(StateError) as refusal:
        decode_state(text)
    assert str(refusal.value).endswith(".")


NAMES = st.text(min_size=1, max_size=9)
NUMBERS = st.integers(1, 10**9)


@given(
    st.builds(
        State,
        st.lists(st.builds(Token, NUMBERS, NAMES, st.sampled_from(("", "!", "!?")) | NAMES, st.integers(0, 99)), max_size=4).map(tuple),
        NUMBERS,
        st.sampled_from(("running", "ended", "incident")),
        st.lists(st.builds(Scope, NUMBERS, NAMES, st.integers(0, 9)) | st.builds(Scope, NUMBERS, NAMES, st.integers(0, 9), NUMBERS, st.integers(0, 9), st.integers(0, 9)), max_size=3).map(tuple),
        st.lists(st.tuples(NUMBERS, NAMES), max_size=3).map(tuple),
    )
)  # fmt: skip
def test_a_state_of_any_names_and_scopes_survives_its_text(state):
    assert decode_state(encode_state(state)) == state


def test_numbers_of_tokens_and_scopes_are_given_out_one_by_one():
    nodes = (
        Node("s", "start"), Node("u", "subprocess"), Node("is", "start", parent="u"),
        Node("a", "task", parent="u"), Node("ie", "end", parent="u"),
        Node("m", "send", trigger=Trigger("message", name="kq")),
        Node("y", "task", instances=Instances(over="noi")), Node("e", "end"),
    )  # fmt: skip
    pairs = ("s u", "is a", "a ie", "u m", "m y", "y e")
    flows = tuple(Flow(f"f{at}", *pair.split()) for at, pair in enumerate(pairs))
    compiled = compile_process(Process("p", "p", nodes, flows))
    data = {"noi": ["Sở Tài chính", "Sở Nội vụ"]}
    state, _ = start(compiled, data=data)
    assert encode_state(state) == "2:r:3:2=a@1:1=u:"
    state, effects = advance(compiled, state, TaskDone(2, data))
    assert MessageSent(3, "m") in effects
    assert encode_state(state) == "2:r:7:5=y@4,6=y@4:4=y;2;0;2:"
    state, _ = advance(compiled, state, TaskDone(5, data))
    assert encode_state(state) == "2:r:7:6=y@4:4=y;2;1;2:"


@pytest.mark.parametrize(
    ("asked", "status"),
    [([], "ended"), (0, "ended"), (2, "running"), (1000, "running"), (1001, "incident"),
     (2.5, "incident"), (-1, "incident"), (True, "incident"), ("2", "incident")],
)  # fmt: skip
def test_nobody_to_ask_passes_on_and_what_is_no_number_of_places_stops(asked, status):
    nodes = (
        Node("s", "start"),
        Node("y", "task", instances=Instances(over="noi")),
        Node("e", "end"),
    )
    flows = (Flow("f1", "s", "y"), Flow("f2", "y", "e"))
    state, _ = start(compile_process(Process("p", "p", nodes, flows)), data={"noi": asked})
    assert state.status == status


def test_a_definition_of_the_first_release_keeps_its_hash():
    nodes = (
        Node("s", "start"),
        Node("b1", "task", "Tiếp nhận hồ sơ", "reception", Limit(Decimal("0.50"), "working_day"),
             forms=("BM-01",), note="Đúng thành phần"),
        Node("X1", "exclusive", "Đủ hồ sơ?", default="f3"),
        Node("b2", "task", "Gửi xác minh", "ngoai/cong-an", untimed=True, outside=True, manual=True,
             extra=(("{urn:x}mau", "xanh"),)),
        Node("b3", "task", "Tự động ghi sổ", "clerk", Limit(Decimal("4"), "working_hour"),
             service=True),
        Node("e", "end"),
    )  # fmt: skip
    flows = (
        Flow("f1", "s", "b1"), Flow("f2", "b1", "X1"), Flow("f3", "X1", "b2", name="Đủ"),
        Flow("f4", "X1", "b1", name="Bổ sung", condition="thieu = đúng", supplement=True),
        Flow("f5", "b2", "b3"), Flow("f6", "b3", "b2", bound=2, condition="sai_so > 0"),
        Flow("f7", "b3", "e"),
    )  # fmt: skip
    lanes = (Lane("l1", "Bộ phận Một cửa", "reception", ("s", "b1", "X1")),)
    process = Process(
        "p1", "Cấp phiếu lý lịch tư pháp", nodes, flows, lanes, (Foreign("process", "<x/>"),)
    )
    golden = "112ee179b08a413b93cf94d0207b34f3157483c842f4b975ed638b0db185ddcb"
    assert content_hash(process) == golden

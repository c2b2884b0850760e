"""What an event waits for, how often a step is done and what a call runs: from XML and to XML."""

import hashlib
import re
from dataclasses import dataclass

from nep.bpmn.markup import NEP, attributes, child, escape_text, is_bpmn
from nep.bpmn.model import Called, Instances, Node, Trigger
from nep.bpmn.references import References, local_id, words
from nep.kernel.safexml import Element

_NEP = "{" + NEP + "}"
_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_DATA_OBJECT = re.compile(r"bpmn:getDataObject\(\s*['\"]([^'\"]+)['\"]\s*\)")
_FEEL = re.compile(r"\s*=\s*([A-Za-z_]\w*)\s*")
_COUNTERS = {"nrOfInstances": "total", "nrOfCompletedInstances": "done"}
_COUNTER = re.compile(r"\b(" + "|".join(_COUNTERS) + r")\b")
_FORMS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
MESSAGE_TASKS = frozenset({"sendTask", "receiveTask"})
FORMAL = ' xsi:type="bpmn:tFormalExpression"'


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger, and whether its name had to be taken from elsewhere: the file gives none."""

    trigger: Trigger | None
    guessed: bool = False


def trigger_of(part: Element, references: References) -> Found:
    """Return what an event, a send or a receive task is about.

    A message without a name is called as its message flow, else as the event, else by its id; an
    error end likewise.
    """
    if part.local in MESSAGE_TASKS:
        return _message(part, part.get("messageRef"), references)
    definitions = references.definitions(part)
    if not definitions:
        return Found(None)
    first = definitions[0]
    if first.local == "messageEventDefinition":
        return _message(part, first.get("messageRef"), references)
    if first.local == "errorEventDefinition":
        return _error(part, first.get("errorRef"), references)
    if first.local == "timerEventDefinition":
        return Found(_timer(first))
    return Found(None)


def _message(part: Element, reference: str | None, references: References) -> Found:
    name = references.messages.get(local_id(reference), "")
    if name:
        return Found(Trigger("message", name=name))
    node = part.get("id", "")
    name = references.flows.get(node, "") or words(part.get("name")) or local_id(reference) or node
    return Found(Trigger("message", name=name), guessed=True)


def _error(part: Element, reference: str | None, references: References) -> Found:
    if reference:
        code = references.errors.get(local_id(reference), local_id(reference))
        return Found(Trigger("error", name=code))
    if part.local != "endEvent":
        return Found(Trigger("error"))
    name = words(part.get("name")) or part.get("id", "")
    return Found(Trigger("error", name=name), guessed=True)


def _timer(definition: Element) -> Trigger:
    for inner in definition.children:
        if is_bpmn(inner) and inner.local in _FORMS:
            value = unwrapped("".join(inner.itertext())).strip()
            unit = definition.get(_NEP + "unit", "")
            return Trigger("timer", _FORMS[inner.local], value, unit)
    return Trigger("timer")


def unwrapped(text: str) -> str:
    """Return an expression of another tool as one of ours where only its wrapping differs."""
    match = _WRAPPED.fullmatch(text)
    text = _DATA_OBJECT.sub(r"\1", match.group(1) if match else text)
    feel = _FEEL.fullmatch(text)
    return feel.group(1) if feel else text


def instances_of(part: Element) -> tuple[Instances | None, str]:
    """Return how often a step is done, and a number of times that is none ("" where there is none)."""
    loop = child(part, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None, ""
    said = _inner_text(loop, "loopCardinality").strip()
    until = _inner_text(loop, "completionCondition")
    over = loop.get(_NEP + "collection") or unwrapped(_collection(loop)).strip()
    count = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else None
    return Instances(
        over=over,
        count=None if over else count,
        sequential=loop.get("isSequential") in ("true", "1"),
        until=_COUNTER.sub(lambda found: _COUNTERS[found.group(1)], until).strip(),
    ), said if said and count is None and not over else ""


def _inner_text(part: Element, local: str) -> str:
    found = child(part, local)
    return unwrapped("".join(found.itertext())) if found is not None else ""


def _collection(loop: Element) -> str:
    """Return what names the list of a multi-instance step, as BPMN or as other tools write it."""
    for key, value in loop.attrib.items():
        if key.startswith("{") and key.endswith("}collection"):
            return value
    for inner in loop.iter():
        if inner.local == "loopCharacteristics" and inner.get("inputCollection"):
            return inner.get("inputCollection", "")
    found = child(loop, "loopDataInputRef")
    return found.text.strip() if found is not None else ""


def called_of(part: Element) -> Called | None:
    """Return what a call activity runs; None for one that does not say it and for other elements."""
    if part.local != "callActivity":
        return None
    code = part.get("calledElement") or ""
    if not code:
        inner = next((e for e in part.iter() if e.local == "calledElement"), None)
        code = inner.get("processId", "") if inner is not None else ""
    return Called(code.strip(), part.get(_NEP + "version", "")) if code.strip() else None


def event_xml(node: Node) -> str:
    """Write the event definition of an event; empty where it has none."""
    trigger = node.trigger
    if node.kind == "terminate":
        return "<bpmn:terminateEventDefinition/>"
    if trigger is None or node.kind in ("send", "receive"):
        return ""
    if trigger.kind == "timer":
        unit = attributes([("nep:unit", trigger.unit or None)])
        if not trigger.form:
            return f"<bpmn:timerEventDefinition{unit}/>"
        name = next(local for local, form in _FORMS.items() if form == trigger.form)
        value = f"<bpmn:{name}{FORMAL}>{escape_text(trigger.value)}</bpmn:{name}>"
        return f"<bpmn:timerEventDefinition{unit}>{value}</bpmn:timerEventDefinition>"
    reference = [(f"{trigger.kind}Ref", named_id(trigger))]
    return f"<bpmn:{trigger.kind}EventDefinition{attributes(reference)}/>"


def named_id(trigger: Trigger | None) -> str | None:
    """Return the id under which our files define the message or error of a trigger."""
    if trigger is None or not trigger.name or trigger.kind not in ("message", "error"):
        return None
    digest = hashlib.sha256(trigger.name.encode("utf-8", "replace")).hexdigest()[:12]
    return f"nep-{trigger.kind}-{digest}"


def named_xml(trigger: Trigger) -> str:
    """Write the message or error that a trigger names, for the root of a file."""
    more = [("errorCode", trigger.name)] if trigger.kind == "error" else []
    pairs = attributes([("id", named_id(trigger)), ("name", trigger.name), *more])
    return f"<bpmn:{trigger.kind}{pairs}/>"


def instances_xml(instances: Instances | None) -> str:
    """Write how often a step is done; empty where it is done once."""
    if instances is None:
        return ""
    pairs = attributes(
        [
            ("isSequential", "true" if instances.sequential else None),
            ("nep:collection", instances.over or None),
        ]
    )
    inner = ""
    if instances.count is not None:
        inner += f"<bpmn:loopCardinality{FORMAL}>{instances.count}</bpmn:loopCardinality>"
    if instances.until:
        inner += (
            f"<bpmn:completionCondition{FORMAL}>{escape_text(instances.until)}"
            "</bpmn:completionCondition>"
        )
    name = "bpmn:multiInstanceLoopCharacteristics"
    return f"<{name}{pairs}>{inner}</{name}>" if inner else f"<{name}{pairs}/>"

"""What the elements of a file name by reference: messages, errors, events, message flows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nep.bpmn.markup import children, is_bpmn
from nep.kernel.safexml import Element


@dataclass(frozen=True, slots=True)
class References:
    """The names of messages and the codes of errors by id, event definitions of the file by id.

    `flows` gives the words of the message flow that ends or begins at a node; `ids` every id of a
    message or an error.
    """

    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    events: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, str] = field(default_factory=dict)

    def definitions(self, part: Element) -> list[Element]:
        """Return the event definitions of an event, those it refers to included."""
        found = []
        for inner in part.children:
            if not is_bpmn(inner):
                continue
            if inner.local.endswith("EventDefinition"):
                found.append(inner)
            elif inner.local == "eventDefinitionRef":
                found.append(self.events.get(local_id(inner.text), inner))
        return found


def references_of(parts: Iterable[Element]) -> References:
    """Return what the children of a file's root give names to."""
    found = References()
    collaborations = []
    for part in parts:
        if not is_bpmn(part):
            continue
        name = part.get("id", "")
        if part.local == "message":
            found.messages[name] = words(part.get("name"))
        elif part.local == "error":
            found.errors[name] = words(part.get("errorCode")) or words(part.get("name")) or name
        elif part.local.endswith("EventDefinition"):
            found.events[name] = part
        elif part.local in ("collaboration", "choreography"):
            collaborations.append(part)
    for part in collaborations:
        for flow in children(part, "messageFlow"):
            said = found.messages.get(local_id(flow.get("messageRef"))) or words(flow.get("name"))
            if said:
                found.flows.setdefault(local_id(flow.get("targetRef")), said)
                found.flows.setdefault(local_id(flow.get("sourceRef")), said)
    return found


def local_id(reference: str | None) -> str:
    """Return the id of a reference that may carry a prefix."""
    return (reference or "").strip().rpartition(":")[2]


def words(text: str | None) -> str:
    """Return a name on one line."""
    return " ".join((text or "").split())

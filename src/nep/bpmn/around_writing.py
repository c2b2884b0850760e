"""Write what stands around a graph for a drawing program, and find it in what comes back."""

from collections.abc import Iterable

from nep.bpmn.around import Around, Frame
from nep.bpmn.interchange import POOL
from nep.bpmn.markup import attributes, local_name, parse_kept
from nep.bpmn.model import Foreign
from nep.bpmn.renaming import ids_of

COLLABORATION, CATEGORY = "nep-collaboration", "nep-category"


def collaboration_xml(process_id: str, pool: str, around: Around) -> str:
    """Return the pool round the lanes, named `pool`, and the closed pools of others."""
    own = attributes([("id", POOL), ("name", pool), ("processRef", process_id)])
    others = "".join(
        f"<bpmn:participant{attributes([('id', one.id), ('name', one.name or None)])}/>"
        for one in around.pools
    )
    messages = "".join(
        "<bpmn:messageFlow"
        + attributes(
            [("id", one.id), ("name", one.name or None), ("sourceRef", one.source or POOL),
             ("targetRef", one.target or POOL)]
        )
        + "/>"
        for one in around.messages
    )  # fmt: skip
    return (
        f'<bpmn:collaboration id="{COLLABORATION}"><bpmn:participant{own}/>{others}{messages}'
        "</bpmn:collaboration>"
    )


def category_lines(around: Around) -> list[str]:
    """Return what holds the names of frames; nothing where none has one."""
    named = "".join(
        f"<bpmn:categoryValue{attributes([('id', _value(one)), ('value', one.name)])}/>"
        for one in around.frames
        if one.name
    )
    return [f'<bpmn:category id="{CATEGORY}">{named}</bpmn:category>'] if named else []


def frame_lines(around: Around) -> list[str]:
    """Return the frames as groups of the process."""
    return [
        f"<bpmn:group{attributes([('id', one.id), ('categoryValueRef', _value(one))])}/>"
        if one.name
        else f"<bpmn:group{attributes([('id', one.id)])}/>"
        for one in around.frames
    ]


def without_around(foreign: Iterable[Foreign], around: Around) -> tuple[Foreign, ...]:
    """Return what a drawn file keeps, without the frames that were sent with it."""
    sent = {one.id for one in around.frames}
    return tuple(
        part
        for part in foreign
        if not (local_name(part.xml) == "group" and ids_of([part]) <= sent)
        and not (local_name(part.xml) == "category" and sent)
    )


def drawn_around(foreign: Iterable[Foreign], around: Around) -> str | None:
    """Return the id of a pool or a message between pools that was drawn anew, or None."""
    sent = {POOL, *(one.id for one in around.pools), *(one.id for one in around.messages)}
    roots = parse_kept(part.xml for part in foreign if local_name(part.xml) == "collaboration")
    return next(
        (
            one.get("id", "")
            for root in roots
            for one in root.children
            if one.local in ("participant", "messageFlow") and one.get("id", "") not in sent
        ),
        None,
    )


def _value(frame: Frame) -> str:
    return f"{frame.id}-ten"

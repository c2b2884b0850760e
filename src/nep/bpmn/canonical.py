"""One canonical form of a process: to and from plain data, and its content hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from nep.bpmn.model import (
    Called,
    Flow,
    Foreign,
    Instances,
    Lane,
    Limit,
    Node,
    Process,
    Trigger,
)

FORMAT = 1

_PLAIN = (
    "name", "role", "untimed", "default", "outside", "manual", "service", "note", "parent",
    "attached_to",
)  # fmt: skip
_PARTS = {"trigger": Trigger, "instances": Instances, "called": Called}


class FormatError(ValueError):
    """The plain data is not a process of a known format."""


def process_to_dict(process: Process) -> dict[str, Any]:
    """Return the process as JSON-able data; what has its usual value is left out."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "id": process.id,
        "name": process.name,
        "nodes": [_node_to_dict(node) for node in process.nodes],
        "flows": [_flow_to_dict(flow) for flow in process.flows],
        "lanes": [
            {"id": lane.id, "name": lane.name, "role": lane.role, "nodes": list(lane.nodes)}
            for lane in process.lanes
        ],
    }
    if process.foreign:
        data["foreign"] = [[kept.owner, kept.xml] for kept in process.foreign]
    return data


def process_from_dict(data: Mapping[str, Any]) -> Process:
    """Return the process written as `process_to_dict` data.

    Raises FormatError when the format is unknown or a part is missing.
    """
    if data.get("format") != FORMAT:
        raise FormatError(f"Không đọc được quy trình ở định dạng {data.get('format')!r}.")
    try:
        return Process(
            id=data["id"],
            name=data["name"],
            nodes=tuple(_node_from_dict(node) for node in data["nodes"]),
            flows=tuple(Flow(**flow) for flow in data["flows"]),
            lanes=tuple(
                Lane(lane["id"], lane["name"], lane["role"], tuple(lane["nodes"]))
                for lane in data["lanes"]
            ),
            foreign=tuple(Foreign(owner, xml) for owner, xml in data.get("foreign", ())),
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise FormatError(f"Dữ liệu quy trình thiếu hoặc sai phần: {error}.") from error


def canonical_json(process: Process) -> bytes:
    """Return the one canonical writing of a process: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        process_to_dict(process), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def content_hash(process: Process) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal."""
    return hashlib.sha256(canonical_json(process)).hexdigest()


def amount_text(amount: Decimal) -> str:
    """Return a number without exponent and without idle zeros: 2.50 → "2.5"."""
    text = format(amount, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _node_to_dict(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {"id": node.id, "kind": node.kind}
    for key in _PLAIN:
        value = getattr(node, key)
        if value:
            data[key] = value
    if not node.cancels:
        data["cancels"] = False
    for key in _PARTS:
        part = getattr(node, key)
        if part is not None:
            data[key] = {name: value for name, value in asdict(part).items() if value}
    if node.limit is not None:
        data["limit"] = [amount_text(node.limit.amount), node.limit.unit]
    if node.forms:
        data["forms"] = list(node.forms)
    if node.extra:
        data["extra"] = [list(pair) for pair in node.extra]
    return data


def _node_from_dict(data: Mapping[str, Any]) -> Node:
    values = dict(data)
    if "limit" in values:
        amount, unit = values["limit"]
        values["limit"] = Limit(Decimal(amount), unit)
    values["forms"] = tuple(values.get("forms", ()))
    values["extra"] = tuple((key, value) for key, value in values.get("extra", ()))
    for key, kind in _PARTS.items():
        if key in values:
            values[key] = kind(**values[key])
    return Node(**values)


def _flow_to_dict(flow: Flow) -> dict[str, Any]:
    data: dict[str, Any] = {"id": flow.id, "source": flow.source, "target": flow.target}
    for key in ("name", "condition", "supplement"):
        value = getattr(flow, key)
        if value:
            data[key] = value
    if flow.bound is not None:
        data["bound"] = flow.bound
    return data

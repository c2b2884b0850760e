"""Random changes that make a sound net into one that may be broken in any way."""

import random
from dataclasses import replace

from nep.bpmn import Flow, Process

_GATEWAYS = ("exclusive", "parallel", "inclusive")


def spoilt(process: Process, rng: random.Random) -> Process:
    """Return the process with one to three gateways of another kind, or flows moved, added, left out."""
    nodes, flows = list(process.nodes), list(process.flows)
    scopes = {node.id: node.parent for node in nodes}

    def one_of(scope: str, *, besides: str) -> str:
        return rng.choice(
            [node.id for node in nodes if node.parent == scope and node.kind != besides]
        )

    for number in range(rng.randint(1, 3)):
        change = rng.choice(("kind", "target", "source", "more", "less"))
        at = rng.randrange(len(flows))
        scope = scopes[flows[at].source]
        if change == "kind":
            place = rng.randrange(len(nodes))
            if nodes[place].kind in _GATEWAYS:
                nodes[place] = replace(nodes[place], kind=rng.choice(_GATEWAYS))
        elif change == "target":
            flows[at] = replace(flows[at], target=one_of(scope, besides="start"))
        elif change == "source":
            flows[at] = replace(flows[at], source=one_of(scope, besides="end"))
        elif change == "more":
            more = Flow(
                f"more{number}", one_of(scope, besides="end"), one_of(scope, besides="start")
            )
            flows.append(more)
        elif len(flows) > 1:
            flows.pop(at)
    return replace(process, nodes=tuple(nodes), flows=tuple(flows))

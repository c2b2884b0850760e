"""A link to what lives in another part: named and addressed, never copied."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Something of another part: its kind ("audit", "case"), id, title and address on this site.

    The part that owns it fills it in; whoever keeps it asks nothing more of that part. `id` is 0
    for what stands in no table (a thing written by hand).
    """

    kind: str
    id: int
    title: str
    url: str = ""

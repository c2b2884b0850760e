"""What other parts may learn about model procedures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelPublished:
    """An edition of a model procedure was published by an agency."""

    agency_id: int
    model_id: int
    number: int

"""Rows whose order says who follows whom: where one goes or two change places, the ways stay right."""

from dataclasses import replace

from nep.apps.procedures.rules.table import END, NEXT, Step

Rows = tuple[Step, ...]


def without_row(steps: Rows, step: Step) -> Rows | None:
    """Return the rows without one; what led to it leads to where it led, or to those beside it.

    None where a row would then lead to itself.
    """
    at = steps.index(step)
    beside = [one for one in steps if step.group and one.group == step.group and one is not step]
    following = steps[at + 1].id if at + 1 < len(steps) else END
    heir = beside[0].id if beside else step.after or following
    kept = []
    for place, one in enumerate(steps):
        if one is step:
            continue
        after = heir if one.after == step.id else one.after
        if place == at - 1 and after == NEXT and not beside and heir != following:
            after = heir
        if place == at - 1 and one in beside and following not in {b.id for b in beside}:
            after = step.after
        if after == one.id:
            return None
        kept.append(_led(replace(one, after=after), step.id, heir))
    return tuple(kept)


def swapped(steps: Rows, at: int) -> tuple[Rows, bool] | None:
    """Return the rows with one and the row below it in each other's place, and whether ways changed.

    Where the one leads to the other they are done in the other order; else all ways stay. None where
    the case would begin with another row, which the first does not lead to.
    """
    upper, lower = steps[at], steps[at + 1]
    if upper.after == NEXT and lower.after != upper.id:
        turned = replace(upper, after=lower.after), replace(lower, after=NEXT)
        rows = _placed(steps, at, turned[1], turned[0])
        if at and steps[at - 1].after != NEXT:
            rows = tuple(one if one in turned else _led(one, upper.id, lower.id) for one in rows)
        return rows, True
    if upper.group or lower.group:
        return _placed(steps, at, lower, upper), True
    if not at:
        return None
    below = steps[at + 2].id if at + 2 < len(steps) else END
    above = replace(steps[at - 1], after=steps[at - 1].after or upper.id)
    upper = replace(upper, after=upper.after or lower.id)
    lower = replace(lower, after=lower.after or below)
    return _placed((*steps[: at - 1], above, *steps[at:]), at, lower, upper), False


def _placed(steps: Rows, at: int, first: Step, second: Step) -> Rows:
    return (*steps[:at], first, second, *steps[at + 2 :])


def _led(row: Step, old: str, new: str) -> Step:
    """Return a row whose ways lead to another row than before."""
    return replace(
        row,
        after=new if row.after == old else row.after,
        branches=tuple(
            replace(way, target=new) if way.target == old else way for way in row.branches
        ),
        events=tuple(
            replace(event, target=new) if event.target == old else event for event in row.events
        ),
    )

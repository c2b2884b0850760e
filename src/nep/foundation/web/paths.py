"""Addresses of pages by name: those of a shape are put together, not searched for each time.

Django's `reverse` walks the address table, checks every candidate and quotes the result. Most
addresses differ by numbers alone, so what stands between the numbers is found once a process.
"""

from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

MOST_SHAPES = 4096  # words are part of a shape; those of strangers must not fill the memory
_BIG, _SMALL = 9_007_199_254_740_000, 7
_shapes: dict[tuple[Any, ...], str | None] = {}


def path_of(name: str, *given: Any) -> str:
    """Return the address that `reverse(name, args=given)` returns. Raises NoReverseMatch."""
    key: list[Any] = [get_urlconf(), get_script_prefix(), name]
    numbers = []
    for one in given:
        kind = type(one)
        if kind is int and one >= 0:
            numbers.append(one)
            key.append(None)
        elif kind is str:
            key.append(one)
        else:
            return reverse(name, args=given)
    known = tuple(key)
    try:
        shape = _shapes[known]
    except KeyError:
        shape = _keep(known, _shape(name, known[3:]))
    return reverse(name, args=given) if shape is None else shape % tuple(numbers)


def _keep(key: tuple[Any, ...], shape: str | None) -> str | None:
    if len(_shapes) >= MOST_SHAPES:
        _shapes.clear()
    _shapes[key] = shape
    return shape


def _shape(name: str, places: tuple[str | None, ...]) -> str | None:
    """Return the address with %d for each number (None in `places`), or None where the numbers
    themselves decide how it reads."""
    numbers = [_BIG + place for place, one in enumerate(places) if one is None]
    try:
        shape = reverse(name, args=_filled(places, numbers)).replace("%", "%%")
        for number in numbers:
            shape = shape.replace(str(number), "%d")
        small = [_SMALL] * len(numbers)
        tries = ((one, reverse(name, args=_filled(places, one))) for one in (numbers, small))
        return shape if all(shape % tuple(one) == path for one, path in tries) else None
    except (NoReverseMatch, TypeError):
        return None


def _filled(places: tuple[str | None, ...], numbers: list[int]) -> list[Any]:
    left = iter(numbers)
    return [next(left) if one is None else one for one in places]

"""Lists on pages: where a page of one begins, its tabs, its filters, its paging."""

from urllib.parse import urlencode

from django.http import HttpRequest


def offset_of(request: HttpRequest) -> int:
    """Return from which line on a list is asked for."""
    asked = request.GET.get("tu", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def kept_with(values: dict[str, str], **change: str) -> str:
    """Return a query string of a list's filter with something changed; empty values fall away."""
    merged = {name: value for name, value in {**values, **change}.items() if value}
    return f"?{urlencode(merged)}"


def tabs_of(scopes: dict[str, str], values: dict[str, str], counts: dict[str, int]) -> list[dict]:
    """Return the tabs of a list: each scope with its address and count."""
    kept = {name: value for name, value in values.items() if name != "loc"}
    return [
        {
            "name": name,
            "count": counts.get(key),
            "url": f"?{urlencode({**kept, 'loc': key} if key else kept)}",
            "is_here": key == values.get("loc", ""),
        }
        for key, name in scopes.items()
    ]


def paging_of(*, offset: int, shown: int, found: int, page: int, values: dict) -> dict[str, str]:
    """Return the paging of a list: its words, the pages before and after."""
    last = offset + shown

    def address(start: int) -> str:
        return f"?{urlencode({**values, 'tu': start} if start else values)}"

    return {
        "text": f"{offset + 1 if shown else 0}–{last} / {found}",
        "previous_url": address(max(0, offset - page)) if offset else "",
        "next_url": address(last) if last < found else "",
    }

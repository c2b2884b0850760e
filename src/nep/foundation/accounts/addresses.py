"""Where a request comes from, as far as it can be believed."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

UNKNOWN = "0.0.0.0"  # noqa: S104


def client_address(meta: Mapping[str, str], *, proxies: int) -> str:
    """Return the caller's address; `proxies` is how many reverse proxies of ours stand before us.

    Each of our proxies appends the address it saw to X-Forwarded-For, so the caller's stands
    `proxies` places from the right; what stands further left was written by the caller.
    """
    seen = meta.get("REMOTE_ADDR") or UNKNOWN
    if proxies:
        chain = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        chain = [part for part in chain if part]
        if len(chain) >= proxies:
            seen = chain[-proxies]
    return _plain(seen)


def _plain(text: str) -> str:
    try:
        found = ip_address(text.strip().strip("[]").split("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def is_trusted(address: str, networks: Iterable[str]) -> bool:
    """Say whether the address lies inside one of the agency's own networks."""
    found = ip_address(address)
    return any(found in ip_network(text) for text in networks)


def counting_key(address: str) -> str:
    """Return what failures are counted under: the address, or the /64 of an IPv6 one."""
    found = ip_address(address)
    if found.version == 4:
        return str(found)
    return str(ip_network(f"{found}/64", strict=False))

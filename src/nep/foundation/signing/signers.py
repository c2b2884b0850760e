"""Who signs a digest: a PKCS#12 file, a token on the server, or somebody outside.

The libraries are loaded when a door is used, so that a server without the extra starts and says so.
"""

import importlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType

from nep.foundation.signing.preparing import require_installed

MOST_KEY = 100_000
MOST_CMS = 24_000


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file and its password, in memory only; neither is ever shown or kept."""

    data: bytes = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A PKCS#11 token: module, slot number or token label ("" is the first), label of the key."""

    module: str
    slot: str = ""
    label: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature (CMS in DER) and what became of its time stamp: `authority`, or why there is none."""

    cms: bytes
    authority: str = ""
    without_stamp: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The names and days of a signer's certificate; days are UTC moments in ISO form."""

    signer: str
    organization: str
    fingerprint: str
    valid_from: str
    valid_to: str


def certificate_of(key: KeyFile | Token) -> Certificate:
    """Return the certificate that a key would sign with.

    Raises Refusal: "key_file", "key_password", "token_missing", "token_pin", "token_key".
    """
    return _cms().certificate_of(key)


def sign(key: KeyFile | Token, *, digest: bytes, authority: str = "") -> Signed:
    """Sign a SHA-256 digest as PAdES wants it, with a time stamp of `authority` where reachable.

    An authority that does not answer leaves the signature without a stamp, and the answer says so.
    Raises Refusal as `certificate_of` does.
    """
    return stamped(_cms().sign(key, digest=digest), authority=authority)


def stamped(cms: bytes, *, authority: str) -> Signed:
    """Add the time stamp of an authority (RFC 3161) to a signature that has none."""
    return _cms().stamped(cms, authority=authority)


def given_back(data: bytes, *, digest: bytes) -> bytes:
    """Return the DER of a signature that came from outside (DER, PEM or Base64) over a digest.

    Raises Refusal: "cms_broken", "cms_digest" (of another content), "cms_many".
    """
    return _cms().given_back(data, digest=digest)


def root_faults(folder: Path, *, at: datetime) -> tuple[tuple[str, str], ...]:
    """Return (file name, sentence) of what is wrong in the folder of roots."""
    require_installed()
    return tuple(importlib.import_module("nep.foundation.signing.roots").faults(folder, at=at))


def _cms() -> ModuleType:
    require_installed()
    return importlib.import_module("nep.foundation.signing.cms")

"""What is done with PDF files around signatures, as a program of its own run within bounds
(`program_start` begins it).

    prepare IN SPEC OUT RESULT      add a signature field with room for the signature (spec as JSON)
    verify IN ROOTS MOMENT RESULT   examine every signature ("-" where there is no folder of roots)

Exit codes: 0 done, 10 password, 11 broken, 12 too many pages, 13 the file forbids a further
signature, 14 too many signatures.
"""

import asyncio
import hashlib
import json
import logging
import pathlib
import sys
from datetime import UTC, datetime

import pypdfium2 as pdfium
from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigAppearanceSetup,
    SigIOSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

PASSWORD, BROKEN, TOO_MANY_PAGES, FORBIDDEN, TOO_MANY = 10, 11, 12, 13, 14
MAX_PAGES, MAX_SIGNATURES = 3000, 40
MILLIMETRE = 72 / 25.4
RESERVED = 48 * 1024  # hexadecimal digits kept for the signature: 24 kB with chain and time stamp
EDGE, GAP, ABOVE = 12 * MILLIMETRE, 2 * MILLIMETRE, 3
CERTIFICATES, LISTS = {".pem", ".crt", ".cer", ".der"}, {".crl"}
NAMES = ("common_name", "title", "organizational_unit_name", "organization_name", "country_name")


class Stop(Exception):
    """End with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def prepare(file: str, spec_file: str, out: str, result: str) -> None:
    """Write the file with a signature field, its appearance and room for the signature."""
    spec = json.loads(pathlib.Path(spec_file).read_text(encoding="utf-8"))
    with open(file, "rb") as source:
        writer = IncrementalPdfFileWriter(source, strict=False)
        _check_open(writer.prev)
        taken = _taken(writer.prev)
        place = _place(file, spec, taken) if spec["appearance"] else None
        name = _free_name(taken)
        box = tuple(round(side) for side in place["box"]) if place else None
        field = SigFieldSpec(name, on_page=place["page"] if place else 0, box=box)
        steps = PdfCMSEmbedder(field).write_cms(name, writer)
        next(steps)
        at = datetime.fromisoformat(spec["at"])
        signature = SignatureObject(
            at, SigSeedSubFilter.PADES, name=spec["name"], reason=spec["reason"],
            bytes_reserved=RESERVED,
        )  # fmt: skip
        steps.send(SigObjSetup(signature, appearance_setup=_look(spec, at) if place else None))
        digest, made = steps.send(SigIOSetup("sha256"))
        pathlib.Path(out).write_bytes(made.getvalue())
    found = {
        "digest": digest.document_digest.hex(),
        "start": digest.reserved_region_start,
        "end": digest.reserved_region_end,
        "field": name,
        "at_tag": place["tag"] if place else "",
        "page": place["page"] + 1 if place else 0,
    }
    pathlib.Path(result).write_text(json.dumps(found))


def verify(file: str, roots: str, moment: str, result: str) -> None:
    """Write what is to be said of every signature of the file."""
    data = pathlib.Path(file).read_bytes()
    anchors, lists = _trusted(roots)
    is_lax = False
    with open(file, "rb") as source:
        try:
            reader = PdfFileReader(source, strict=True)
            signatures = list(reader.embedded_regular_signatures)
        except PdfReadError:
            is_lax = True
            reader = PdfFileReader(source, strict=False)
            signatures = list(reader.embedded_regular_signatures)
        if reader.encrypted:
            raise Stop(PASSWORD)
        if len(signatures) > MAX_SIGNATURES:
            raise Stop(TOO_MANY)
        at = datetime.fromisoformat(moment)
        said = [_examine(one, anchors, lists, at) for one in signatures]
    answer = {"signatures": said, "is_lax": is_lax, "sha256": hashlib.sha256(data).hexdigest()}
    pathlib.Path(result).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _examine(one: EmbeddedPdfSignature, anchors: list, lists: list, at: datetime) -> dict:
    """Say what one signature is worth at a moment, or at the moment of its time stamp."""
    found: dict = {"field": one.field_name or "", "is_readable": True}
    try:
        found |= _certificate(one.signer_cert)
        status = _status(one, anchors, lists, at)
        stamp = status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
            at = stamp.timestamp
            status = _status(one, anchors, lists, at)
    except (SignatureValidationError, ValueError, KeyError, TypeError, PdfError) as error:
        return {**found, "is_readable": False, "fault": f"{type(error).__name__}: {error}"[:300]}
    claimed = status.signer_reported_dt
    good = stamp if stamp is not None and stamp.valid and stamp.intact else None
    changed = status.modification_level
    return found | {
        "claimed_at": claimed.astimezone(UTC).isoformat() if claimed else "",
        "is_intact": bool(status.intact and status.valid),
        "is_trusted": bool(status.trusted),
        "is_whole": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "covers_revision": (status.coverage or SignatureCoverageLevel.UNCLEAR)
        >= SignatureCoverageLevel.ENTIRE_REVISION,
        "reach": _reach(one),
        "is_supplied": changed == ModificationLevel.LTA_UPDATES,
        "is_changed": changed is None or changed > ModificationLevel.FORM_FILLING,
        "problem": "" if status.trusted else _problem(one.signer_cert, status, anchors, at),
        "judged_at": at.astimezone(UTC).isoformat(),
        "stamped_at": good.timestamp.astimezone(UTC).isoformat() if good else "",
        "stamp_authority": _common_name(good.signing_cert) if good else "",
        "stamp_is_trusted": bool(good and good.trusted),
        "stamp_is_broken": stamp is not None and good is None,
        "algorithm": status.md_algorithm,
    }


def _reach(one: EmbeddedPdfSignature) -> int:
    """Return how far from its beginning a signature covers the file, in bytes."""
    ranges = [int(side) for side in one.byte_range]
    return ranges[2] + ranges[3] if len(ranges) == 4 else 0


def _status(
    one: EmbeddedPdfSignature, anchors: list, lists: list, at: datetime
) -> PdfSignatureStatus:
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=anchors, other_certs=one.other_embedded_certs, moment=at, crls=lists,
            allow_fetching=False, revocation_mode="soft-fail",
        )  # fmt: skip

    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return asyncio.run(async_validate_pdf_signature(one, context(), context(), None, None, usage))


def _problem(
    certificate: x509.Certificate, status: PdfSignatureStatus, anchors: list, at: datetime
) -> str:
    if not (status.intact and status.valid):
        return "broken"
    if status.revoked:
        return "revoked"
    if certificate.not_valid_after < at:
        return "expired"
    if certificate.not_valid_before > at:
        return "not_yet"
    return "unknown_root" if anchors else "no_roots"


def _certificate(certificate: x509.Certificate) -> dict:
    names = certificate.subject.native
    said = ((names.get(name), name) for name in NAMES)
    return {
        "signer": _common_name(certificate),
        # identity numbers, taxes and mail addresses that stand in a subject are left out
        "subject": ", ".join(_text(value) for value, name in said if value),
        "organization": _text(names.get("organization_name") or ""),
        "issuer": _text(certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly),
        "serial": f"{certificate.serial_number:x}",
        "fingerprint": certificate.sha256.hex(),
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_to": certificate.not_valid_after.isoformat(),
    }  # fmt: skip


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.native
    return _text(names.get("common_name") or names.get("organization_name") or "")


def _text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _trusted(folder: str) -> tuple[list[x509.Certificate], list[crl.CertificateList]]:
    """Return the roots and the revocation lists of a folder; what cannot be read is left out."""
    anchors: list[x509.Certificate] = []
    lists: list[crl.CertificateList] = []
    places = sorted(pathlib.Path(folder).iterdir()) if folder != "-" else []
    for path in places:
        end = path.suffix.lower()
        if not path.is_file() or end not in CERTIFICATES | LISTS:
            continue
        kind = x509.Certificate if end in CERTIFICATES else crl.CertificateList
        for der in _ders(path.read_bytes()):
            try:
                one = kind.load(der, strict=True)
                one.native  # noqa: B018  # reads it to the end
            except ValueError:
                continue
            (anchors if end in CERTIFICATES else lists).append(one)
    return anchors, lists


def _ders(data: bytes) -> list[bytes]:
    if not pem.detect(data):
        return [data]
    return [der for _kind, _headers, der in pem.unarmor(data, multiple=True)]


def _check_open(reader: PdfFileReader) -> None:
    if reader.encrypted:
        raise Stop(PASSWORD)
    signatures = list(reader.embedded_signatures)
    if len(signatures) >= MAX_SIGNATURES:
        raise Stop(TOO_MANY)
    if any(one.docmdp_level == MDPPerm.NO_CHANGES for one in signatures):
        raise Stop(FORBIDDEN)


def _taken(reader: PdfFileReader) -> dict[str, tuple[object, list[float]]]:
    """Return the fields of earlier signatures: name, page and box."""
    found = {}
    for one in reader.embedded_signatures:
        field = one.sig_field
        box = [float(side) for side in field.get("/Rect", [0, 0, 0, 0])]
        page = field.raw_get("/P") if "/P" in field else None
        number = getattr(getattr(page, "reference", page), "idnum", None)
        found[one.field_name or ""] = (number, box)
    return found


def _free_name(taken: dict) -> str:
    return next(name for n in range(1, 1000) if (name := f"ChuKySo{n}") not in taken)


def _look(spec: dict, at: datetime) -> SigAppearanceSetup:
    style = StaticStampStyle.from_pdf_file(
        spec["appearance"], border_width=0,
        background_layout=SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, margins=Margins()
        ),
    )  # fmt: skip
    return SigAppearanceSetup(style, at, None)


def _place(file: str, spec: dict, taken: dict) -> dict:
    """Return where the signature is seen: at the first free tag, else at the foot of the end."""
    wide, high = (side * MILLIMETRE for side in spec["size"])
    document = pdfium.PdfDocument(file)
    if len(document) > MAX_PAGES:
        raise Stop(TOO_MANY_PAGES)
    boxes = [box for _page, box in taken.values()]
    for tag in spec["tags"]:
        for index in range(len(document)):
            for left, top in _tags_on(document[index], tag):
                box = _within(document[index], left, top + ABOVE - high, wide, high)
                if not any(_overlap(box, other) for other in boxes):
                    return {"page": index, "box": box, "tag": tag}
    page = document[len(document) - 1]
    left, bottom, right, top = page.get_cropbox()
    box = [right - EDGE - wide, bottom + EDGE, right - EDGE, bottom + EDGE + high]
    while any(_overlap(box, other) for other in boxes) and box[3] + high + GAP < top:
        box = [box[0], box[1] + high + GAP, box[2], box[3] + high + GAP]
    return {"page": len(document) - 1, "box": box, "tag": ""}


def _tags_on(page: pdfium.PdfPage, tag: str) -> list[tuple[float, float]]:
    """Return the upper left corners of a tag's places on a page."""
    text = page.get_textpage()
    search = text.search("{{" + tag + "}}", match_case=True)
    found: list[tuple[float, float]] = []
    while (place := search.get_next()) is not None and len(found) < 20:
        left, _bottom, _right, top = text.get_charbox(place[0])
        found.append((left, top))
    return found


def _within(page: pdfium.PdfPage, left: float, bottom: float, wide: float, high: float) -> list:
    """Move a box into its page."""
    edges = page.get_cropbox()
    left = max(edges[0], min(left, edges[2] - wide))
    bottom = max(edges[1], min(bottom, edges[3] - high))
    return [left, bottom, left + wide, bottom + high]


def _overlap(one: list, other: list) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def main(arguments: list[str]) -> int:
    """Do one command."""
    logging.disable(logging.CRITICAL)
    commands = {one.__name__: one for one in (prepare, verify)}
    try:
        commands[arguments[0]](*arguments[1:])
    except Stop as stop:
        return stop.code
    except pdfium.PdfiumError as error:
        return PASSWORD if "password" in str(error).lower() else BROKEN
    except (
        PdfError,
        SigningError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ):
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

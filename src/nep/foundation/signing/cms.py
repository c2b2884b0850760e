"""Signatures as CMS: made with a key, stamped by an authority, taken from outside.

Needs the extra `sign`; reached through `signers`. No file of a stranger is opened here but a
PKCS#12 of a person who is signed in, and a CMS of at most a few kilobytes.
"""

import asyncio
import base64
import binascii
import hashlib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pkcs11
from asn1crypto import cms, keys, pem, pkcs12, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import pkcs12 as reading
from cryptography.x509 import Certificate as Certified
from pkcs11.constants import Attribute, ObjectClass, SlotFlag, TokenFlag
from pkcs11.exceptions import PinIncorrect, PinLenRange, PinLocked, PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError, simple_cms_attribute
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import Signer, SimpleSigner
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from nep.foundation.signing.signers import MOST_CMS, MOST_KEY, Certificate, KeyFile, Signed, Token
from nep.kernel.errors import Refusal

MOST_ROUNDS = 5_000_000  # of a password's derivation: more would hold the server
SECONDS = 10
STAMP = "signature_time_stamp_token"
_token_lock = threading.Lock()  # a token is logged in for the whole process


def certificate_of(key: KeyFile | Token) -> Certificate:
    """Return the certificate that a key would sign with."""
    with _signer(key) as signer:
        found = signer.signing_cert
    if found is None:
        raise Refusal("key_file", "Khóa này không có chứng thư kèm theo.", field="key_file")
    names = found.subject.native
    return Certificate(
        signer=_text(names.get("common_name") or names.get("organization_name") or ""),
        organization=_text(names.get("organization_name") or ""),
        fingerprint=found.sha256.hex(),
        valid_from=found.not_valid_before.isoformat(),
        valid_to=found.not_valid_after.isoformat(),
    )


def sign(key: KeyFile | Token, *, digest: bytes) -> bytes:
    """Return the CMS over a SHA-256 digest, with the attributes that PAdES asks for."""
    with _signer(key) as signer:
        try:
            made = asyncio.run(
                signer.async_sign(data_digest=digest, digest_algorithm="sha256", use_pades=True)
            )
        except (SigningError, PKCS11Error) as error:
            raise Refusal(
                "signing_failed", "Khóa này không ký được. Hãy thử lại hoặc dùng khóa khác."
            ) from error
    return made.dump()


def stamped(der: bytes, *, authority: str) -> Signed:
    """Add a time stamp to a signature that has none; say why when it cannot be had."""
    found = cms.ContentInfo.load(der)
    signer = found["content"]["signer_infos"][0]
    kinds = {one["type"].native for one in signer["unsigned_attrs"]}
    if STAMP in kinds:
        return Signed(der, authority="kèm theo chữ ký")
    if not authority:
        return Signed(der, without_stamp="Quản trị chưa khai máy chủ cấp dấu thời gian.")
    digest = hashlib.sha256(signer["signature"].native).digest()
    try:
        token = asyncio.run(_Authority(authority).async_timestamp(digest, "sha256"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        return Signed(der, without_stamp=f"Máy chủ cấp dấu thời gian không trả lời: {error}"[:300])
    attributes = list(signer["unsigned_attrs"]) + [simple_cms_attribute(STAMP, token)]
    signer["unsigned_attrs"] = cms.CMSAttributes(attributes)
    made = found.dump(force=True)
    if len(made) > MOST_CMS:
        return Signed(der, without_stamp="Dấu thời gian nhận về quá lớn.")
    return Signed(made, authority=authority)


def given_back(data: bytes, *, digest: bytes) -> bytes:
    """Return the DER of a signature from outside, when it is one over this digest."""
    try:
        found = cms.ContentInfo.load(_der(data), strict=True)
        signed = found["content"]
        signers = list(signed["signer_infos"])
        attributes = {one["type"].native: one["values"] for one in signers[0]["signed_attrs"]}
        said = attributes["message_digest"].native[0]
        algorithm = signers[0]["digest_algorithm"]["algorithm"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refusal(
            "cms_broken", "Tệp trả về không phải chữ ký CMS (.p7s) đọc được.", field="file"
        ) from error
    if len(signers) != 1:
        raise Refusal("cms_many", "Chữ ký trả về phải của đúng một người.", field="file")
    if algorithm != "sha256" or said != digest:
        raise Refusal(
            "cms_digest",
            "Chữ ký trả về không phải của nội dung này. Hãy ký đúng mã băm SHA-256 đang hiện.",
            field="file",
        )
    return found.dump()


@contextmanager
def _signer(key: KeyFile | Token) -> Iterator[Signer]:
    if isinstance(key, KeyFile):
        yield _from_file(key)
        return
    with _token_lock, _session(key) as session:
        yield _from_token(session, key.label)


def _from_file(key: KeyFile) -> SimpleSigner:
    wrong = Refusal(
        "key_file", "Tệp khóa không đọc được. Hãy chọn tệp .p12 hoặc .pfx.", field="key_file"
    )
    if len(key.data) > MOST_KEY or _rounds(key.data, wrong) > MOST_ROUNDS:
        raise wrong
    try:
        private, certificate, others = reading.load_key_and_certificates(
            key.data, key.password.encode()
        )
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise Refusal(
                "key_password", "Mật khẩu của tệp khóa không đúng. Hãy gõ lại.", field="password"
            ) from None
        raise wrong from None
    if private is None or certificate is None:
        raise Refusal(
            "key_file", "Tệp này không có khóa riêng kèm chứng thư của người ký.", field="key_file"
        )
    known = SimpleCertificateStore()
    known.register_multiple({_certificate(one) for one in others})
    opened = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=_certificate(certificate), signing_key=keys.PrivateKeyInfo.load(opened),
        cert_registry=known,
    )  # fmt: skip


def _certificate(found: Certified) -> x509.Certificate:
    return x509.Certificate.load(found.public_bytes(Encoding.DER))


def _rounds(data: bytes, wrong: Refusal) -> int:
    """Return how many rounds a password's derivation would take, as far as the file says openly."""
    try:
        file = pkcs12.Pfx.load(data, strict=True)
        found = [file["mac_data"]["iterations"].native or 0] if file["mac_data"].native else [0]
        for part in file.authenticated_safe:
            if part["content_type"].native != "encrypted_data":
                continue
            algorithm = part["content"]["encrypted_content_info"]["content_encryption_algorithm"]
            found.append(_algorithm_rounds(algorithm))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise wrong from None
    return max(found)


def _algorithm_rounds(algorithm: cms.EncryptionAlgorithm) -> int:
    told = algorithm["parameters"].native or {}
    if "iterations" in told:
        return int(told["iterations"])
    derived = (told.get("key_derivation_func") or {}).get("parameters") or {}
    return int(derived.get("iteration_count") or 0)


@contextmanager
def _session(token: Token) -> Iterator[pkcs11.Session]:
    try:
        place, criteria = _place(token)
        session = open_pkcs11_session(token.module, place, criteria, token.pin)
    except (PinIncorrect, PinLenRange) as error:
        raise Refusal(
            "token_pin",
            "Mã PIN không đúng. Nhập sai nhiều lần, thiết bị sẽ tự khóa.", field="pin",
        ) from error  # fmt: skip
    except PinLocked as error:
        raise Refusal(
            "token_locked", "Thiết bị đã khóa vì sai mã PIN nhiều lần. Hãy nhờ nơi cấp mở lại.",
            field="pin",
        ) from error  # fmt: skip
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise Refusal(
            "token_missing",
            "Máy chủ không thấy thiết bị ký số. Hãy kiểm tra thiết bị đã cắm và phần cấu hình.",
        ) from error
    try:
        yield session
    finally:
        session.close()


def _place(token: Token) -> tuple[int | None, TokenCriteria | None]:
    """Return where the token is: its place among the slots, or its label.

    A slot is named by its own number or its place; without a name the only token that is set up is
    taken, whatever empty slots stand beside it. Raises Refusal("token_many"), PKCS11Error.
    """
    if token.slot and not token.slot.isdigit():
        return None, TokenCriteria(label=token.slot)
    slots = pkcs11.lib(token.module).get_slots()
    numbers = [slot.slot_id for slot in slots]
    if token.slot:
        number = int(token.slot)
        return numbers.index(number) if number in numbers else number, None
    ready = {}
    for place, slot in enumerate(slots):
        if SlotFlag.TOKEN_PRESENT in slot.flags:
            found = slot.get_token()
            if TokenFlag.TOKEN_INITIALIZED in found.flags:
                ready[place] = found.label
    if len(ready) > 1:
        raise Refusal(
            "token_many",
            f"Máy chủ thấy nhiều thiết bị ({', '.join(ready.values())}). Quản trị hãy khai thiết bị "
            "nào ở NEP_SIGN_PKCS11_SLOT.",
        )
    return next(iter(ready), None), None


def _from_token(session: pkcs11.Session, label: str) -> PKCS11Signer:
    """Return the signer for the certificate of this label, else for the only one with a key."""
    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.CERTIFICATE}
    if label:
        wanted[Attribute.LABEL] = label
    keys = {
        one[Attribute.ID] for one in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    }
    certificates, others = [], []
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        others.append(x509.Certificate.load(one[Attribute.VALUE]))
    for one in session.get_objects(wanted):
        if one[Attribute.ID] in keys:
            certificates.append((one[Attribute.ID], x509.Certificate.load(one[Attribute.VALUE])))
    if len(certificates) != 1:
        said = "không có" if not certificates else "có nhiều"
        raise Refusal(
            "token_key",
            f"Thiết bị {said} chứng thư kèm khóa khớp với nhãn đã cho. Hãy ghi đúng nhãn của khóa.",
            field="label",
        )
    identity, certificate = certificates[0]
    return PKCS11Signer(
        session, signing_cert=certificate, key_id=identity,
        ca_chain=[one for one in others if one.sha256 != certificate.sha256],
    )  # fmt: skip


class _Authority(TimeStamper):
    """A time-stamping authority over HTTP, asked once, within a few seconds."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        question = urllib.request.Request(  # noqa: S310  # the address is the administrator's
            self.address, data=req.dump(),
            headers={
                "Content-Type": "application/timestamp-query",
                "Accept": "application/timestamp-reply",
            },
        )  # fmt: skip
        try:
            with urllib.request.urlopen(question, timeout=SECONDS) as answer:  # noqa: S310
                said = answer.read(MOST_CMS + 1)
        except urllib.error.HTTPError as error:
            raise OSError(f"mã trả lời {error.code}") from error
        return tsp.TimeStampResp.load(said, strict=True)


def _der(data: bytes) -> bytes:
    if len(data) > 3 * MOST_CMS:
        raise ValueError("too long")
    if pem.detect(data):
        return pem.unarmor(data)[2]
    if data[:1] == b"\x30":
        return data
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("neither DER nor Base64") from error


def _text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)

"""A PDF is signed, signed again and examined; what is changed, unknown or late is said."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.sign.validation.dss import DocumentSecurityStore

from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.stamp import Stamp, is_signed, joined
from nep.foundation.printing.stamp import stamped as with_stamp
from nep.foundation.signing import preparing, signers, verifying
from nep.foundation.signing.preparing import Look, Prepared, completed, prepare
from nep.foundation.signing.signers import KeyFile, Token
from nep.foundation.signing.tests import authority
from nep.foundation.signing.tests.authority import one_page
from nep.foundation.signing.verifying import INVALID, NONE, UNTRUSTED, VALID, verify
from nep.kernel.errors import Refusal

pytestmark = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    reason="needs no database: run once, beside SQLite",
)
AT = datetime(2026, 12, 10, 2, 30, tzinfo=UTC)
WHO = "Nguyễn Thị Thu Hà"
LOOK = Look((WHO, "Phó Giám đốc", "Ký lúc 09:30:00 10/12/2026 +07:00"), ("chu_ky:phe_duyet",))


def a_key(name: str = WHO, **facts) -> KeyFile:
    return KeyFile(authority.key_file(name, **facts), authority.PASSWORD)


def room(document: bytes, *, look: Look | None = LOOK) -> Prepared:
    return prepare(document, name=WHO, reason="Phê duyệt QT-01", at=AT, look=look)


def put(prepared: Prepared, cms: bytes) -> bytes:
    return completed(prepared.data, start=prepared.start, end=prepared.end, cms=cms)


def signed(document: bytes, *, key: KeyFile | None = None, tsa: str = "") -> bytes:
    prepared = room(document)
    return put(prepared, signers.sign(key or a_key(), digest=prepared.digest, authority=tsa).cms)


@pytest.fixture(scope="module")
def document() -> bytes:
    return one_page("QT-01 {{chu_ky:phe_duyet}}")


@pytest.fixture(scope="module")
def once(document) -> bytes:
    return signed(document)


@pytest.fixture(scope="module")
def roots(tmp_path_factory) -> Path:
    return authority.roots_folder(tmp_path_factory.mktemp("roots"))


@pytest.mark.usefixtures("programs_real")
def test_the_given_bytes_are_the_beginning_and_the_whole_file_is_covered(document, once, roots):
    found = verify(once, roots=roots, at=AT)
    (one,) = found.signatures

    assert once.startswith(document)
    assert found.verdict == VALID
    assert found.sha256 == hashlib.sha256(once).hexdigest()
    assert (one.signer, one.issuer, one.is_whole) == (WHO, "CA thử nghiệm", True)
    assert one.claimed_at == AT
    assert one.level == "B-B"
    assert "Không có dấu thời gian" in one.sentences[-1]


def test_identity_numbers_of_the_certificate_are_not_told(once, roots):
    (one,) = verify(once, roots=roots, at=AT).signatures

    assert one.subject == f"{WHO}, Sở Khoa học và Công nghệ"
    assert "CCCD" not in repr(one)


def test_the_signature_is_seen_at_the_tag_and_otherwise_at_the_foot(document):
    at_tag, at_foot = room(document), room(one_page("QT-02"))
    unseen = room(document, look=None)

    assert (at_tag.at_tag, at_foot.at_tag, unseen.at_tag) == ("chu_ky:phe_duyet", "", "")
    assert (at_tag.page, at_foot.page, unseen.page) == (1, 1, 0)
    assert red_rows(at_tag.data) < red_rows(at_foot.data)  # higher on the page
    assert red_rows(unseen.data) == []
    said = pypdfium2.PdfDocument(preparing.look_pdf(LOOK.lines, at=AT))[0].get_textpage()
    for line in ("Đã ký số", *LOOK.lines):
        assert line in said.get_text_bounded()


def red_rows(data: bytes) -> list[int]:
    """Return the rows of the first page, from the top, where our red ink is."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    page = document[0].render(scale=1).to_numpy()
    is_red = (page[..., 2] > 150) & (page[..., 0] < 90) & (page[..., 1] < 90)
    return sorted({int(row) for row in is_red.any(axis=1).nonzero()[0]})


def test_a_second_signature_leaves_the_first_whole_and_finds_its_own_place(document, once, roots):
    prepared = room(once)
    both = put(
        prepared, signers.sign(a_key("Sở Khoa học và Công nghệ"), digest=prepared.digest).cms
    )
    found = verify(both, roots=roots, at=AT)

    assert prepared.at_tag == ""
    assert both.startswith(once)
    assert found.verdict == VALID
    assert [one.is_whole for one in found.signatures] == [False, True]
    assert "chỉ có thêm chữ ký khác" in found.signatures[0].sentences[0]


@pytest.mark.parametrize("place", [40, 300])
def test_one_changed_byte_is_found(document, once, roots, place):
    changed = once[:place] + bytes([once[place] ^ 1]) + once[place + 1 :]
    try:
        verdict = verify(changed, roots=roots, at=AT).verdict
    except Refusal as refused:
        verdict = refused.code
    assert verdict in {INVALID, "pdf_broken"}


def test_a_changed_letter_of_the_text_is_said(once, roots):
    found = verify(once.replace(b"(QT-01", b"(QT-02"), roots=roots, at=AT)

    assert found.verdict == INVALID
    assert found.signatures[0].sentences[0] == verifying.PROBLEMS["broken"]


def test_a_page_laid_over_after_signing_is_said(once, roots, tmp_path):
    appended = _appended(once)
    found = verify(appended, roots=roots, at=AT)

    assert appended.startswith(once)
    assert found.verdict == INVALID
    assert found.signatures[0].is_intact
    assert "đã bị thêm hoặc đổi nội dung" in found.signatures[0].sentences[0]


def _appended(data: bytes) -> bytes:
    """Return the file with a further revision that draws other words on its page."""
    drawn = b"BT /F1 18 Tf 72 760 Td (QT-99) Tj ET"
    start = len(data) + 1
    part = b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(drawn), drawn)
    before = data.rsplit(b"startxref", 1)[1].split()[0]
    size = max(int(one) for one in re.findall(rb"/Size (\d+)", data))
    root = re.findall(rb"/Root (\d+ \d+ R)", data)[-1]
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Prev %s >>\n" % (
        start, size, root, before,
    )  # fmt: skip
    return data + b"\n" + part + table + b"startxref\n%d\n%%%%EOF\n" % (start + len(part))


def test_data_for_later_examination_may_follow_a_signature(document, once, roots):
    out = io.BytesIO(once)
    root = asn1.Certificate.load(authority.root().public_bytes(serialization.Encoding.DER))
    DocumentSecurityStore.add_dss(out, None, certs=[root], force_write=True)
    (one,) = verify(out.getvalue(), roots=roots, at=AT).signatures

    assert out.getvalue().startswith(once)
    assert (one.verdict, one.is_whole, one.is_supplied) == (VALID, False, True)
    assert one.reach == len(once)


def test_an_unknown_root_and_no_root_at_all_are_not_trusted(once, tmp_path):
    other = authority.roots_folder(tmp_path / "khac", "CA khác")
    none = verify(once, roots=None, at=AT)
    found = verify(once, roots=other, at=AT)

    assert (none.verdict, found.verdict) == (UNTRUSTED, UNTRUSTED)
    assert none.signatures[0].problem == "no_roots"
    assert found.signatures[0].problem == "unknown_root"


def test_a_time_stamp_proves_the_day_when_the_certificate_has_ended(document, roots):
    short = a_key("Trần Văn Ngắn", end=AT + timedelta(days=30))
    later = AT + timedelta(days=90)
    with authority.stamping(AT) as tsa:
        stamped = signed(document, key=short, tsa=tsa)
    without = signed(document, key=short)

    (one,) = verify(stamped, roots=roots, at=later).signatures
    assert (one.verdict, one.level, one.stamped_at) == (VALID, "B-T", AT)
    assert one.stamp_authority == "TSA thử nghiệm"
    late = verify(without, roots=roots, at=later)
    assert late.verdict == UNTRUSTED
    assert "Hạn đến 09/01/2027" in late.signatures[0].sentences[1]


def test_an_authority_that_does_not_answer_is_said_and_the_signature_stands(document, roots):
    prepared = room(document)
    made = signers.sign(a_key(), digest=prepared.digest, authority="http://127.0.0.1:9/tsa")

    assert made.authority == ""
    assert "không trả lời" in made.without_stamp
    assert verify(put(prepared, made.cms), roots=roots, at=AT).verdict == VALID
    assert "chưa khai" in signers.sign(a_key(), digest=prepared.digest).without_stamp


def test_a_revoked_certificate_is_not_trusted(document, tmp_path):
    key = a_key("Lê Thu Hồi")
    made = signed(document, key=key)
    folder = authority.roots_folder(tmp_path / "goc")
    known = verify(made, roots=folder, at=AT).signatures[0]
    authority.revoked_list(folder, int(known.serial, 16))

    found = verify(made, roots=folder, at=AT)
    assert known.verdict == VALID
    assert (found.verdict, found.signatures[0].problem) == (UNTRUSTED, "revoked")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (KeyFile(authority.key_file(WHO), "sai"), "key_password"),
        (KeyFile(b"khong phai tep khoa", ""), "key_file"),
        (KeyFile(b"\x30" + bytes(200_000), ""), "key_file"),
        (Token("/khong-co/thu-vien.so", pin="1"), "token_missing"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_its_sentence(key, code):
    with pytest.raises(Refusal) as refused:
        signers.sign(key, digest=bytes(32))
    assert refused.value.code == code


def test_a_key_file_that_would_hold_the_server_is_refused_before_it_is_opened():
    slow = authority.key_file(WHO, rounds=100_000_000)

    with pytest.raises(Refusal) as refused:
        signers.certificate_of(KeyFile(slow, authority.PASSWORD))
    assert refused.value.code == "key_file"


def test_neither_key_nor_password_is_ever_shown():
    key, token = KeyFile(b"khoa", "mat-khau"), Token("m.so", pin="123456")

    assert "khoa" not in repr(key) and "mat-khau" not in repr(key)
    assert "123456" not in repr(token)


@pytest.mark.usefixtures("programs_real")
def test_a_signature_made_outside_is_taken_in_every_form(document, roots):
    prepared = room(document)
    der = signers.sign(a_key(), digest=prepared.digest).cms

    for form in (der, base64.encodebytes(der), pem.armor("CMS", der)):
        assert signers.given_back(form, digest=prepared.digest) == der
    assert verify(put(prepared, der), roots=roots, at=AT).verdict == VALID


def test_a_signature_of_something_else_is_refused(document):
    prepared = room(document)
    other = signers.sign(a_key(), digest=bytes(32)).cms

    for data, code in (
        (other, "cms_digest"), (b"khong phai", "cms_broken"), (b"\x30" * 100_000, "cms_broken"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            signers.given_back(data, digest=prepared.digest)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        put(prepared, bytes(40_000))
    assert refused.value.code == "signature_size"


def test_a_time_stamp_is_added_to_a_signature_from_outside(document, roots):
    prepared = room(document)
    der = signers.sign(a_key(), digest=prepared.digest).cms
    with authority.stamping(AT) as tsa:
        made = signers.stamped(der, authority=tsa)
        again = signers.stamped(made.cms, authority=tsa)
    (one,) = verify(put(prepared, made.cms), roots=roots, at=AT).signatures

    assert (one.verdict, one.stamped_at, one.stamp_is_trusted) == (VALID, AT, True)
    assert again.cms == made.cms


def test_roots_that_do_not_help_are_named(tmp_path):
    folder = authority.roots_folder(tmp_path / "goc")
    later = authority.END + timedelta(days=1)
    assert signers.root_faults(folder, at=AT) == ()
    (folder / "hong.crt").write_bytes(b"khong phai chung thu")
    (folder / "ghi-chu.txt").write_text("để ngoài")
    authority.revoked_list(folder, 1)
    empty = tmp_path / "trong"
    empty.mkdir()

    names = [name for name, _said in signers.root_faults(folder, at=later)]
    assert names == ["0.crt", "hong.crt", "thu-hoi.crl"]
    assert "không có chứng thư nào" in signers.root_faults(empty, at=AT)[0][1]


def test_nothing_is_laid_over_or_joined_to_what_is_signed(document, once):
    for act in (
        lambda: with_stamp(once, Stamp("HẾT HIỆU LỰC", ""), made_at=AT),
        lambda: joined(document, once),
    ):
        with pytest.raises(NotMade) as refused:
            act()
        assert refused.value.code == "pdf_signed"


def test_a_file_without_signatures_is_said_to_have_none(document, roots):
    found = verify(document, roots=roots, at=AT)

    assert (found.verdict, found.signatures) == (NONE, ())
    assert not is_signed(document)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n/ByteRange", b"/ByteRange" * 1000,
        b"%PDF-1.7\n" + b"[" * 20_000 + b"/ByteRange",
        b"%PDF-1.7\n1 0 obj <</Type/Sig/ByteRange[0 1 2 3]>> endobj trailer <</Root 1 0 R>> startxref 9",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("programs_real")
def test_a_hostile_file_ends_with_a_sentence(data, roots):
    with pytest.raises(Refusal) as refused:
        verify(data, roots=roots, at=AT)
    assert refused.value.code in {
        "not_pdf", "pdf_broken", "convert_failed", "convert_too_long",
    }  # fmt: skip


def test_without_the_extra_every_door_says_so(document, monkeypatch):
    monkeypatch.setattr(preparing, "find_spec", lambda _name: None)

    for door in (
        lambda: room(document),
        lambda: signers.sign(a_key(), digest=bytes(32)),
        lambda: verify(document + b"/ByteRange", roots=None, at=AT),
    ):
        with pytest.raises(Refusal) as refused:
            door()
        assert refused.value.code == "signing_missing"
    assert verify(document, roots=None, at=AT).verdict == NONE


@pytest.mark.skipif(
    shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed"
)
def test_a_second_tool_agrees(once, tmp_path):
    changed = once.replace(b"(QT-01", b"(QT-02")
    said = []
    for name, data in (("a.pdf", once), ("b.pdf", changed)):
        (tmp_path / name).write_bytes(data)
        done = subprocess.run(
            ["pdfsig", name], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        said.append(done.stdout)

    assert "Signature is Valid" in said[0] and "Total document signed" in said[0]
    assert "ETSI.CAdES.detached" in said[0] and WHO in said[0]
    assert "Digest Mismatch" in said[1]


SOFT = next(
    (
        str(path)
        for path in (
            Path("/usr/lib/softhsm/libsofthsm2.so"),
            Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
        )
        if path.exists()
    ),
    "",
)
ON_TOKEN = """
import sys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import serialization
import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from nep.foundation.signing import signers
from nep.foundation.signing.tests import authority
from nep.foundation.signing.tests.authority import one_page
from nep.kernel.errors import Refusal

module, who, digest = sys.argv[1:]
token = pkcs11.lib(module).get_token(token_label="Ky so")
private = authority.key(who).private_bytes(
    serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
)
with token.open(user_pin="1234", rw=True) as session:
    key = decode_rsa_private_key(private)
    key |= {Attribute.ID: b"1", Attribute.LABEL: "lanh-dao", Attribute.TOKEN: True}
    session.create_object(key)
    certificate = decode_x509_certificate(
        authority.leaf(who).public_bytes(serialization.Encoding.DER)
    )
    certificate |= {Attribute.ID: b"1", Attribute.LABEL: "lanh-dao", Attribute.TOKEN: True}
    session.create_object(certificate)
codes = []
for pin, label in (("0000", ""), ("1234", "nguoi-khac")):
    try:
        signers.sign(signers.Token(module, "Ky so", label, pin), digest=bytes(32))
    except Refusal as refused:
        codes.append(refused.code)
good = signers.Token(module, "Ky so", "lanh-dao", "1234")
number = str(pkcs11.lib(module).get_token(token_label="Ky so").slot.slot_id)
for slot in ("Ky so", "", number, "0"):  # beside an empty slot, as SoftHSM always has one
    assert signers.certificate_of(signers.Token(module, slot, "", "1234")).signer == who
print(*codes, signers.sign(good, digest=bytes.fromhex(digest)).cms.hex())
sys.stdout.write(authority.root().public_bytes(serialization.Encoding.PEM).decode())
"""


MANY_TOKENS = """
import sys
from nep.foundation.signing import signers
from nep.kernel.errors import Refusal
try:
    signers.certificate_of(signers.Token(sys.argv[1], "", "", "1234"))
except Refusal as refused:
    print(refused.code, refused.message)
"""


@pytest.mark.skipif(not SOFT, reason="SoftHSM (softhsm2) is not installed")
def test_a_token_signs_with_its_pin(document, tmp_path):
    """In a process of its own: a PKCS#11 module reads its settings once."""
    prepared = room(document)
    (tmp_path / "tokens").mkdir()
    (tmp_path / "hsm.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    around = {
        **os.environ,
        "SOFTHSM2_CONF": str(tmp_path / "hsm.conf"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "Ky so", "--pin", "1234",
         "--so-pin", "5678"], env=around, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ON_TOKEN, SOFT, WHO, prepared.digest.hex()], env=around,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wrong_pin, wrong_label, rest = done.stdout.split(maxsplit=2)
    cms, root = rest.split("\n", 1)
    folder = tmp_path / "goc"
    folder.mkdir()
    (folder / "goc.pem").write_text(root)

    assert (wrong_pin, wrong_label) == ("token_pin", "token_key")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "Khac", "--pin", "1234",
         "--so-pin", "5678"], env=around, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    many = subprocess.run(
        [sys.executable, "-c", MANY_TOKENS, SOFT], env=around, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert "token_many" in many.stdout and "Ky so" in many.stdout and "Khac" in many.stdout
    found = verify(put(prepared, bytes.fromhex(cms)), roots=folder, at=AT)
    assert (found.verdict, found.signatures[0].signer) == (VALID, WHO)

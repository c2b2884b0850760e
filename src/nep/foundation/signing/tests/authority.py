"""A certification authority, its people and its time stamps, made for one run of the tests."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
PASSWORD = "Mật-khẩu 1"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return the key of a name, the same through one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def root(name: str = "CA thử nghiệm") -> x509.Certificate:
    """Return the certificate of a root."""
    return _builder(name, name).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    ).add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True).sign(
        key(name), hashes.SHA256()
    )  # fmt: skip


def leaf(
    name: str,
    *,
    organization: str = "Sở Khoa học và Công nghệ",
    issuer: str = "CA thử nghiệm",
    begin: datetime = BEGIN,
    end: datetime = END,
    is_authority: bool = False,
) -> x509.Certificate:
    """Return a person's certificate, or a time-stamping authority's."""
    made = _builder(name, issuer, organization=organization, begin=begin, end=end)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(
        _usage(digital_signature=True, content_commitment=not is_authority), critical=True
    )
    if is_authority:
        made = made.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    where = x509.UniformResourceIdentifier("http://ca.invalid/thu-hoi.crl")  # never asked
    points = [x509.DistributionPoint([where], None, None, None)]
    made = made.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return made.sign(key(issuer), hashes.SHA256())


def key_file(name: str, *, password: str = PASSWORD, rounds: int = 2048, **facts) -> bytes:
    """Return a PKCS#12 file of a person; `rounds` is only written, not done, above the usual."""
    issuer = facts.get("issuer", "CA thử nghiệm")
    made = pkcs12.serialize_key_and_certificates(
        name.encode(), key(name), leaf(name, **facts), [root(issuer)],
        serialization.BestAvailableEncryption(password.encode()),
    )  # fmt: skip
    if rounds == 2048:
        return made
    file = asn1_pkcs12.Pfx.load(made)
    file["mac_data"]["iterations"] = rounds
    return file.dump(force=True)


def roots_folder(folder: Path, *names: str) -> Path:
    """Lay the roots of these names into a folder, as an administrator does."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names or ("CA thử nghiệm",)):
        place = folder / f"{number}.crt"
        place.write_bytes(root(name).public_bytes(serialization.Encoding.PEM))
    return folder


def revoked_list(folder: Path, serial: int) -> None:
    """Lay a revocation list beside the roots that names the certificate of a number."""
    gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(BEGIN).build()
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root().subject)
        .last_update(BEGIN)
        .next_update(END)
        .add_revoked_certificate(gone)
        .sign(key("CA thử nghiệm"), hashes.SHA256())
    )
    (folder / "thu-hoi.crl").write_bytes(made.public_bytes(serialization.Encoding.DER))


@contextmanager
def stamping(at: datetime):
    """Yield the address of a time-stamping authority (RFC 3161) on this machine."""
    certificate = leaf("TSA thử nghiệm", is_authority=True)
    private = key("TSA thử nghiệm").private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority = DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(private), fixed_dt=at,
    )  # fmt: skip

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            said = authority.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_said):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()


def _builder(
    name: str,
    issuer: str,
    *,
    organization: str = "",
    begin: datetime = BEGIN,
    end: datetime = END,
) -> x509.CertificateBuilder:
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organization:
        subject.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
        subject.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, "CCCD:001099000000"))
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(days=1))
        .not_valid_after(end)
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


def one_page(text: str) -> bytes:
    """Return a PDF of one page that says one thing (in plain letters)."""
    said = text.encode("ascii", "replace").decode()
    drawn = f"BT /F1 18 Tf 72 760 Td ({said}) Tj ET"
    parts = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 6\n0000000000 65535 f \n{table}{tail}".encode("ascii")

"""The process environment, read once into one frozen value; all faults are listed together."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PROJECT = Path(__file__).resolve().parents[3]


class BadEnvironment(Exception):
    """One or more variables cannot be used; the message lists every one."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings say. Each field names its variable in `docs/admin/settings.md`."""

    debug: bool
    secret_key: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    database: dict
    data_folder: Path
    max_upload_bytes: int
    trusted_proxies: int
    trusted_networks: tuple[str, ...]
    https: bool
    log_json: bool
    public_address: str
    portal_lookups: int
    fed_file_days: int
    intake_queue_rows: int
    intake_folder: Path | None
    sign_roots: Path | None
    sign_authority: str
    sign_module: str
    sign_slot: str
    sign_label: str
    mail_host: str
    mail_port: int
    mail_security: str
    mail_user: str
    mail_password: str
    mail_from: str
    mail_per_minute: int


def read_environment(source: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every variable. Raises BadEnvironment naming all that are wrong."""
    faults: list[str] = []
    data_folder = Path(source.get("NEP_DATA") or PROJECT / "var").expanduser().resolve()
    debug = _flag(source, "NEP_DEBUG", False, faults)
    environment = Environment(
        debug=debug,
        secret_key=source.get("NEP_SECRET_KEY") or _own_secret(data_folder),
        hosts=_words(source.get("NEP_HOSTS", "localhost 127.0.0.1 [::1]")),
        origins=_words(source.get("NEP_ORIGINS", "")),
        database=_database(source.get("NEP_DATABASE_URL", ""), data_folder, source, faults),
        data_folder=data_folder,
        max_upload_bytes=_whole(source, "NEP_MAX_UPLOAD_MB", 50, faults) * 1_000_000,
        trusted_proxies=_whole(source, "NEP_TRUSTED_PROXIES", 0, faults),
        trusted_networks=_networks(source, faults),
        https=_flag(source, "NEP_HTTPS", False, faults),
        log_json=_flag(source, "NEP_LOG_JSON", False, faults),
        public_address=source.get("NEP_PUBLIC_ADDRESS", "http://127.0.0.1:8000").rstrip("/"),
        portal_lookups=_whole(source, "NEP_PORTAL_LOOKUPS", 30, faults),
        fed_file_days=_whole(source, "NEP_FED_FILE_DAYS", _shipped_days(), faults),
        intake_queue_rows=_whole(source, "NEP_INTAKE_QUEUE_ROWS", 200_000, faults),
        intake_folder=_folder(source, "NEP_INTAKE_FOLDER", faults),
        sign_roots=_folder(source, "NEP_SIGN_ROOTS", faults),
        sign_authority=_address(source, "NEP_SIGN_TSA", faults),
        sign_module=source.get("NEP_SIGN_PKCS11", "").strip(),
        sign_slot=source.get("NEP_SIGN_PKCS11_SLOT", "").strip(),
        sign_label=source.get("NEP_SIGN_PKCS11_LABEL", "").strip(),
        **_mail(source, faults),
    )
    if faults:
        raise BadEnvironment("Biến môi trường chưa đúng:\n- " + "\n- ".join(faults))
    return environment


MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _mail(source: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    """Return how letters leave; without a host they are written into a folder."""
    host = source.get("NEP_MAIL_HOST", "").strip()
    security = source.get("NEP_MAIL_SECURITY", "starttls").strip().lower()
    if security not in MAIL_PORTS:
        faults.append(f"NEP_MAIL_SECURITY={security!r}: chỉ nhận starttls, tls hoặc none")
        security = "starttls"
    sender = source.get("NEP_MAIL_FROM", "").strip()
    if host and not sender:
        faults.append("NEP_MAIL_FROM: phải ghi địa chỉ gửi khi đã đặt NEP_MAIL_HOST")
    if sender and ("@" not in sender or "\n" in sender):
        faults.append(f"NEP_MAIL_FROM={sender!r}: dạng iso@tinh.gov.vn hoặc Nếp <iso@tinh.gov.vn>")
    return {
        "mail_host": host,
        "mail_port": _whole(source, "NEP_MAIL_PORT", MAIL_PORTS[security], faults),
        "mail_security": security,
        "mail_user": source.get("NEP_MAIL_USER", "").strip(),
        "mail_password": source.get("NEP_MAIL_PASSWORD", ""),
        "mail_from": sender or "Nếp <khong-tra-loi@localhost>",
        "mail_per_minute": max(1, _whole(source, "NEP_MAIL_PER_MINUTE", 60, faults)),
    }


def _shipped_days() -> int:
    """Return how many days other systems' files are kept, as shipped with its source."""
    lines = tomllib.loads((PROJECT / "reference" / "retention.toml").read_text(encoding="utf-8"))
    return lines["fed_file_days"]["value"]


def shipped_indicators() -> dict[str, object]:
    """Return the indicators of QĐ 766, each formula with its source and mark."""
    path = PROJECT / "reference" / "indicators_766.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_officer_sheet() -> dict[str, object]:
    """Return the criteria, bands and quota of the officer's sheet, each with its mark."""
    path = PROJECT / "reference" / "officer_sheet.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_forms() -> dict[str, Any]:
    """Return the forms of the law (Mẫu 01–07), each edition with its legal text and marks."""
    path = PROJECT / "reference" / "legal_forms.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_time_rules() -> dict[str, dict]:
    """Return the time rules of the law, each figure with its bounds, source and mark."""
    return tomllib.loads((PROJECT / "reference" / "time_rules.toml").read_text(encoding="utf-8"))


def shipped_erasure_rules() -> dict[str, dict]:
    """Return the rules of erasing personal data, each with its bounds, source and mark."""
    path = PROJECT / "reference" / "erasure_rules.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_nonconformity_rules() -> dict[str, dict]:
    """Return the rules by which cases open a nonconformity, each threshold with its mark."""
    path = PROJECT / "reference" / "nonconformity_rules.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_linter_rules() -> dict[str, dict]:
    """Return the linter's rules and what explains the proof, each rule with its mark."""
    path = PROJECT / "reference" / "linter_rules.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_objectives() -> dict[str, dict]:
    """Return the starter objectives by key, each with the kinds of agency, source and mark."""
    path = PROJECT / "reference" / "objectives.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_year() -> dict[str, dict[str, Any]]:
    """Return what guides the ISO year: obligations, start sets, burden and adviser, with marks."""
    names = ("obligations", "start_sets", "burden", "adviser")
    folder = PROJECT / "reference"
    return {
        name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in names
    }


def shipped_feedback_limits() -> dict[str, dict]:
    """Return the time limits of feedback by kind, each with its source and mark."""
    path = PROJECT / "reference" / "feedback_limits.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_audits() -> dict[str, Any]:
    """Return the clauses, questions and figures of internal audits, each figure with its mark."""
    return tomllib.loads((PROJECT / "reference" / "audits.toml").read_text(encoding="utf-8"))


def shipped_risk_scales() -> dict[str, Any]:
    """Return how risks are rated and when cases propose one, each figure with its mark."""
    path = PROJECT / "reference" / "risk_scales.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_standards() -> dict[str, Any]:
    """Return the editions of ISO 9001 oldest first, how they answer to one another, the sources."""
    folder = PROJECT / "reference" / "standards"

    def read(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))

    editions = [read(path.name) for path in sorted(folder.glob("9001-*.toml"))]
    return {"editions": editions, "pairs": read("mapping.toml")["pair"], **read("sources.toml")}


def shipped_review_inputs() -> dict[str, dict]:
    """Return what each edition asks of a management review, with its source and mark."""
    path = PROJECT / "reference" / "review_inputs.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_starters() -> dict[str, dict[str, Any]]:
    """Return the starter texts of context, scope, policy and risks by kind of agency."""
    folder = PROJECT / "reference" / "starters"
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.toml"))
    }


def shipped_evidence_rules() -> dict[str, Any]:
    """Return what the matrix asks of each clause, each figure with its source and mark."""
    path = PROJECT / "reference" / "evidence_rules.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shipped_pack_points() -> dict[str, Any]:
    """Return the points an evidence pack is laid out by, with their source."""
    path = PROJECT / "reference" / "pack_points.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _flag(source: Mapping[str, str], name: str, default: bool, faults: list[str]) -> bool:
    text = source.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text:
        faults.append(f"{name}={text!r}: chỉ nhận 1 hoặc 0")
    return default


def _whole(source: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = source.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        faults.append(f"{name}={text!r}: phải là số nguyên không âm")
        return default
    return int(text)


def _folder(source: Mapping[str, str], name: str, faults: list[str]) -> Path | None:
    text = source.get(name, "").strip()
    if not text:
        return None
    path = Path(text).expanduser().resolve()
    if not path.is_dir():
        faults.append(f"{name}={text!r}: không phải thư mục")
    return path


def _address(source: Mapping[str, str], name: str, faults: list[str]) -> str:
    text = source.get(name, "").strip()
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        faults.append(f"{name}={text!r}: phải là địa chỉ http:// hoặc https://")
        return ""
    return text


def _networks(source: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    found = _words(source.get("NEP_TRUSTED_NETWORKS", "127.0.0.0/8 ::1/128"))
    for text in found:
        try:
            ip_network(text)
        except ValueError:
            faults.append(f"NEP_TRUSTED_NETWORKS: {text!r} không phải là dải địa chỉ")
    return found


def _own_secret(data_folder: Path) -> str:
    """Return the installation's key, made on first use and kept readable to its owner only."""
    path = data_folder / "secret.key"
    if not path.exists():
        data_folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def _database(url: str, data_folder: Path, source: Mapping[str, str], faults: list[str]) -> dict:
    if not url or url.startswith("sqlite:"):
        path = unquote(url.removeprefix("sqlite:").removeprefix("//")) if url else ""
        return sqlite_database(Path(path) if path else data_folder / "nep.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        faults.append(
            "NEP_DATABASE_URL: dạng postgresql://người:mật-khẩu@máy:cổng/tên hoặc sqlite:///đường/dẫn"
        )
        return sqlite_database(data_folder / "nep.sqlite3")
    pooled = _flag(source, "NEP_DATABASE_POOL", True, faults)
    prepared = _flag(source, "NEP_DATABASE_PREPARED", True, faults)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": not pooled,
        "CONN_MAX_AGE": 0 if pooled else 600,  # a pool keeps connections itself
        "DISABLE_SERVER_SIDE_CURSORS": not prepared,
        "OPTIONS": {
            # statements are prepared only where the code asks for it (foundation.db.batch)
            "prepare_threshold": 1_000_000 if prepared else None,
            # compiling a page's short statements takes longer than running them; a pooler between
            # us and the server, which `prepared` off tells of, takes no such option
            **({"options": "-c jit=off"} if prepared else {}),
            **({"pool": {"min_size": 1, "max_size": 12, "timeout": 10}} if pooled else {}),
        },
    }


def sqlite_database(path: Path) -> dict:
    """Return the settings of an embedded database as `nep` insists on: WAL, FULL, IMMEDIATE."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "nep.foundation.db.sqlite",
        "NAME": str(path),
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
        # a thread keeps its connection, for opening reads the whole schema; it is opened anew in
        # time to learn how large the tables have become (foundation.db.statistics)
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; "
                "PRAGMA wal_autocheckpoint=16000"  # pages; why, and no mmap_size: decision 0014
            ),
        },
    }

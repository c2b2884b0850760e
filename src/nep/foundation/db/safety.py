"""What a database must promise before it is trusted with acknowledged work."""

from nep.kernel.errors import Refusal


def check_database(connection) -> None:
    """Refuse a database weaker than the rules: SQLite needs WAL, FULL, foreign keys, IMMEDIATE;
    PostgreSQL needs fsync and synchronous_commit.

    Raises Refusal("database_unsafe").
    """
    faults = _sqlite_faults(connection) if connection.vendor == "sqlite" else _pg_faults(connection)
    if faults:
        raise Refusal(
            "database_unsafe", "Cơ sở dữ liệu chưa đủ an toàn: " + "; ".join(faults) + "."
        )


def _one(connection, statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0]).lower()


def _sqlite_faults(connection) -> list[str]:
    wanted = {"journal_mode": ("wal", "memory"), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
    faults = []
    for name, accepted in wanted.items():
        found = _one(connection, f"PRAGMA {name}")
        if found not in accepted:
            faults.append(f"PRAGMA {name} đang là {found}")
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        faults.append("transaction_mode phải là IMMEDIATE")
    return faults


def _pg_faults(connection) -> list[str]:
    faults = []
    for name in ("fsync", "full_page_writes"):
        if _one(connection, f"SHOW {name}") != "on":
            faults.append(f"{name} đang tắt")
    if _one(connection, "SHOW synchronous_commit") == "off":
        faults.append("synchronous_commit đang tắt")
    if int(_one(connection, "SHOW server_version_num")) < 150000:
        faults.append("cần PostgreSQL 15 trở lên")
    return faults

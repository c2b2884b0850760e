"""A small agency, made through the services, for tests of this and higher apps."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.test import Client

from nep.apps.organization import queries, rules, services
from nep.foundation.accounts.models import User
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)
SINCE = date(2026, 1, 5)


@dataclass
class Scene:
    """One agency with its units and people by short name."""

    agency_id: int
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str, *, now: datetime = NOW) -> rules.Actor:
        """Return a person as an actor of this agency."""
        found = queries.actor_for(
            user_id=self.users[name], agency_id=self.agency_id, today=now.date()
        )
        assert found is not None
        return found

    def unit(self, code: str, name: str) -> int:
        """Add a unit."""
        self.units[code] = services.unit_add(
            actor=rules.setup_actor(), now=NOW, agency_id=self.agency_id, code=code, name=name
        )
        return self.units[code]

    def person(self, key: str, name: str, *hats: tuple[str, str, str]) -> int:
        """Add a person with hats (unit code or "", role, position) and a log-in named `key`."""
        user = User(username=key, created_at=NOW, enabled_at=NOW, password_changed_at=NOW)
        user.set_unusable_password()  # a real one costs each test a slow hash
        user.save(force_insert=True)
        self.users[key] = user.pk
        self.people[key] = services.person_add(
            actor=rules.setup_actor(), now=NOW, agency_id=self.agency_id, name=name,
            user_id=user.pk,
        )  # fmt: skip
        for unit, role, position in hats:
            self.appoint(key, unit, role, position)
        User.objects.filter(pk=user.pk).update(needs_totp=False)
        return self.people[key]

    def hat(self, key: str) -> int:
        """Return a person's only appointment."""
        page = queries.person_page(
            agency_id=self.agency_id, person_id=self.people[key], today=NOW.date()
        )
        (line,) = page.hats
        return line.id

    def sign_in(self, client: Client, key: str) -> None:
        """Sign a person in without the log-in page."""
        client.force_login(User.objects.get(pk=self.users[key]))

    def appoint(
        self, key: str, unit: str, role: str, position: str = "", starts_on: date = SINCE
    ) -> int:
        """Give a person one more hat and return the appointment."""
        return services.appointment_start(
            actor=rules.setup_actor(),
            now=NOW,
            agency_id=self.agency_id,
            person_id=self.people[key],
            role=role,
            starts_on=starts_on,
            unit_id=self.units[unit] if unit else None,
            position=position,
        )


def other_department() -> Scene:
    """Make the same department in another agency."""
    return department(code="H99.20", name="Sở Tư pháp")


def department(*, code: str = "H99.18", name: str = "Sở Khoa học và Công nghệ") -> Scene:
    """Make a department: unit PKH with a head and two specialists, a leader, an administrator."""
    short = code.replace(".", "").lower()
    agency_id = services.agency_setup(
        actor=rules.setup_actor(), now=NOW, name=name, code=code, kind="so",
        province="tỉnh Lam Sơn", valid_from=SINCE,
    )  # fmt: skip
    scene = Scene(agency_id)
    scene.unit("LD", "Ban lãnh đạo")
    scene.unit("PKH", "Phòng Kế hoạch")
    scene.unit("MC", "Bộ phận Một cửa")
    people = (
        ("admin", "Lê Văn Quản", ("", "agency_admin", "Quản trị")),
        ("lan", "Trần Thị Mai Lan", ("PKH", "specialist", "Chuyên viên")),
        ("huy", "Phạm Quốc Huy", ("PKH", "specialist", "Chuyên viên chính")),
        ("toan", "Đặng Văn Toàn", ("PKH", "unit_head", "Trưởng phòng")),
        ("ha", "Nguyễn Thị Thu Hà", ("LD", "leader", "Phó Giám đốc")),
        ("tuan", "Hoàng Minh Tuấn", ("MC", "reception", "")),
    )
    for key, full, *hats in people:
        scene.person(f"{short}.{key}", full, *hats)
        for known in (scene.people, scene.users):
            known[key] = known[f"{short}.{key}"]
    return scene

"""The officer's sheet: what is judged, by whom, in which order, and the quota of the best. Pure.

Points are kept as tenths (45 is 4,5 points), so that sums are exact. Nobody is ranked: rules give
a band of points and a check of the quota, and the head of the agency decides.

Source: Nghị định 335/2025/NĐ-CP (công chức), Nghị định 233/2026/NĐ-CP (viên chức); the figures
stand in reference/officer_sheet.toml, each with its mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.apps.organization.rules import Actor
from nep.apps.oversight.rules.indicators import BadFormula, Terms, read_sum, sum_of
from nep.apps.oversight.rules.periods import Period
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold

GROUPS: dict[str, str] = {"chung": "Tiêu chí chung", "nhiem-vu": "Kết quả nhiệm vụ"}
MARKS = ("S", "K", "chưa xác minh")
COUNTS: dict[str, str] = {
    "steps": "Lượt làm bước",
    "in_time": "Kịp hạn",
    "late": "Quá hạn",
    "untimed": "Không định mức",
    "returns": "Trả lại bước trước",
    "reworks": "Làm lại",
    "joint": "Việc liên thông đã trả lời",
    "joint_late": "Việc liên thông trả lời muộn",
}
NEW, SELF, PROPOSED, DECIDED, CONTESTED, ANSWERED = (
    "moi", "tu-cham", "de-xuat", "quyet-dinh", "kien-nghi", "tra-loi",
)  # fmt: skip
STATE_NAMES: dict[str, str] = {
    NEW: "Chưa chấm",
    SELF: "Đã tự chấm",
    PROPOSED: "Trưởng đơn vị đã đề xuất",
    DECIDED: "Đã quyết định",
    CONTESTED: "Có kiến nghị chờ trả lời",
    ANSWERED: "Đã trả lời kiến nghị",
}
STANDS = frozenset({DECIDED, CONTESTED, ANSWERED})
OWN, UNIT, HEAD = "own", "unit", "head"
RECORDER = "recorder"  # writes down what a superior outside the system has decided


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with its most points in tenths; `part` and `whole` are sums of step counts,
    empty where the figures suggest nothing; `opens` names the count whose steps it opens."""

    code: str
    group: str
    label: str
    most: int
    part: Terms
    whole: Terms
    opens: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band with its least points in tenths."""

    code: str
    label: str
    least: int


@dataclass(frozen=True, slots=True)
class Quota:
    """How many may stand in the best band: percents of the sum of the bands in `whole`."""

    band: str
    percent: int
    exception: int
    whole: tuple[str, ...]
    source: str
    verified: str
    whole_verified: str


@dataclass(frozen=True, slots=True)
class SheetTerms:
    """What a sheet is judged by; bands from the highest."""

    source: str
    verified: str
    common: int
    task: int
    self_first: bool
    self_first_verified: str
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    quota: Quota

    def band_of(self, total: int) -> Band:
        """Return the band of so many tenths of points."""
        return next(band for band in self.bands if total >= band.least)

    def band(self, code: str) -> Band | None:
        """Return a band by its code."""
        return next((band for band in self.bands if band.code == code), None)

    @property
    def whole(self) -> int:
        """Return the most tenths a sheet can come to."""
        return sum(one.most for one in self.criteria)


def read_terms(data: Mapping[str, Any]) -> SheetTerms:
    """Return the terms of a configuration.

    Raises BadFormula for points that do not add up, bands out of order or a formula that cannot
    be read.
    """
    criteria = tuple(_criterion(row) for row in data["criterion"])
    bands = tuple(
        Band(str(row["code"]), str(row["label"]), 10 * int(row["least"])) for row in data["band"]
    )
    quota = data["quota"]
    made = SheetTerms(
        str(data["source"]), str(data["verified"]), 10 * int(data["common"]),
        10 * int(data["task"]), bool(data["self_first"]), str(data["self_first_verified"]),
        criteria, bands,
        Quota(
            str(quota["band"]), int(quota["percent"]), int(quota["exception"]),
            tuple(str(one) for one in quota["whole"]), str(quota["source"]),
            str(quota["verified"]), str(quota["whole_verified"]),
        ),
    )  # fmt: skip
    _checked(made)
    return made


def _criterion(row: Mapping[str, Any]) -> Criterion:
    part, whole = str(row.get("part", "")), str(row.get("whole", ""))
    made = Criterion(
        str(row["code"]), str(row["group"]), str(row["label"]), round(10 * float(row["max"])),
        read_sum(part) if part else (), read_sum(whole) if whole else (),
        str(row.get("opens", "")), str(row["source"]), str(row["verified"]),
    )  # fmt: skip
    known = all(name in COUNTS for _, name in (*made.part, *made.whole))
    if not known or bool(part) != bool(whole) or made.opens not in {"", *COUNTS}:
        raise BadFormula(f"{made.label}: chỉ dùng {', '.join(COUNTS)}, đủ cả tử số và mẫu số")
    if made.group not in GROUPS or made.most <= 0 or made.verified not in MARKS or not made.label:
        raise BadFormula(f"{made.code}: nhóm, điểm tối đa hoặc dấu kiểm chứng chưa đúng")
    return made


def _checked(made: SheetTerms) -> None:
    if len({one.code for one in made.criteria}) < len(made.criteria):
        raise BadFormula("Hai tiêu chí trùng mã")
    for group, wanted in (("chung", made.common), ("nhiem-vu", made.task)):
        found = sum(one.most for one in made.criteria if one.group == group)
        if found != wanted:
            raise BadFormula(
                f"{GROUPS[group]}: cộng được {points_text(found)} điểm, cần {points_text(wanted)}"
            )
    least = [band.least for band in made.bands]
    known = {band.code for band in made.bands}
    if least != sorted(set(least), reverse=True) or least[-1] != 0:
        raise BadFormula("Các mức xếp loại phải từ cao xuống thấp, mức cuối từ 0 điểm")
    if not {made.quota.band, *made.quota.whole} <= known:
        raise BadFormula("Tỷ lệ xuất sắc nói tới mức xếp loại không có")
    if not 0 <= made.quota.percent <= made.quota.exception <= 100:
        raise BadFormula("Tỷ lệ xuất sắc phải từ 0 đến 100, trường hợp đặc biệt không thấp hơn")


def points_text(tenths: int) -> str:
    """Return "4,5" of 45 and "30" of 300."""
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest}" if rest else str(whole)


def suggested(criterion: Criterion, counts: Mapping[str, int]) -> int | None:
    """Return the tenths that the step counts suggest, None where they say nothing."""
    if not criterion.whole:
        return None
    whole = sum_of(criterion.whole, counts)
    if whole <= 0:
        return None
    share = min(1.0, max(0.0, sum_of(criterion.part, counts) / whole))
    return int(criterion.most * share + 1e-9)


def is_top(roles: Iterable[str], *, position: str) -> bool:
    """Say whether a person heads the agency and is no deputy: judged by the level above."""
    return "leader" in set(roles) and not fold(position).startswith("pho ")


def roles_over(
    actor: Actor,
    *,
    person_id: int,
    unit_ids: Iterable[int],
    is_of_agency: bool,
    is_top: bool = False,
    is_below: bool = False,
    has_above: bool = False,
) -> frozenset[str]:
    """Return as what the actor stands to a person's sheet: own, unit (heads a unit of the person),
    head (heads the agency). Nobody else sees it: callers answer none with 404.

    The head's own sheet (`is_top`) is decided by who leads the superior agency (`is_below`: the sheet
    is of an agency below the actor's). Where the superior is outside the system (`has_above` is
    false) the agency's administrator writes down what was decided there.
    """
    if person_id == actor.person_id:
        return frozenset({OWN}) if is_of_agency else frozenset()
    if is_below:
        return frozenset({HEAD}) if is_top and "leader" in actor.roles else frozenset()
    if not is_of_agency:
        return frozenset()
    if is_top:
        is_recorder = not has_above and "agency_admin" in actor.roles
        return frozenset({RECORDER}) if is_recorder else frozenset()
    led = {hat.unit_id for hat in actor.hats if hat.role == "unit_head"}
    found = {UNIT} if led & set(unit_ids) else set()
    return frozenset(found | ({HEAD} if "leader" in actor.roles else set()))


_WHO: dict[str, tuple[str, str]] = {
    SELF: (OWN, "Chỉ người được đánh giá tự chấm phiếu của mình."),
    PROPOSED: (UNIT, "Chỉ trưởng đơn vị của người được đánh giá ghi đề xuất."),
    DECIDED: (HEAD, "Chỉ người đứng đầu cơ quan quyết định xếp loại, và không quyết định cho mình."),
    CONTESTED: (OWN, "Chỉ người được đánh giá kiến nghị về phiếu của mình."),
    ANSWERED: (HEAD, "Chỉ người đứng đầu cơ quan trả lời kiến nghị, và không trả lời cho mình."),
}  # fmt: skip
_FROM: dict[str, frozenset[str]] = {
    SELF: frozenset({NEW, SELF}),
    PROPOSED: frozenset({NEW, SELF, PROPOSED}),
    DECIDED: frozenset({NEW, SELF, PROPOSED, DECIDED}),
    CONTESTED: frozenset({DECIDED, ANSWERED}),
    ANSWERED: frozenset({CONTESTED}),
}
_NOT_NOW: dict[str, str] = {
    SELF: "Phiếu đã qua bước tự chấm nên không sửa được nữa; sau khi có quyết định bạn có thể kiến nghị.",
    PROPOSED: "Phiếu đã có quyết định nên không ghi đề xuất được nữa.",
    DECIDED: "Phiếu đang có kiến nghị hoặc đã trả lời; đổi điểm bằng cách trả lời kiến nghị.",
    CONTESTED: "Chỉ kiến nghị khi phiếu đã có quyết định và chưa có kiến nghị nào chờ trả lời.",
    ANSWERED: "Phiếu không có kiến nghị nào chờ trả lời.",
}  # fmt: skip


def decide_act(act: str, *, state: str, roles: frozenset[str]) -> Decision:
    """Decide whether one act on a sheet may be done now by who stands so to it."""
    if act not in _WHO:
        return Refused("act_unknown", "Không có việc này trên phiếu đánh giá.")
    role, whose = _WHO[act]
    if role not in roles and not (role == HEAD and RECORDER in roles):
        return Refused("not_yours_to_do", whose)
    if state not in _FROM[act]:
        return Refused("not_now", _NOT_NOW[act])
    return ALLOWED


def decide_period(period: Period, *, today: date) -> Decision:
    """Decide whether a period may be judged: it has begun."""
    if period.months[0] > today.year * 100 + today.month:
        return Refused("period_ahead", "Kỳ này chưa bắt đầu nên chưa đánh giá được.")
    return ALLOWED


def decide_self_first(
    terms: SheetTerms, *, act: str, has_self: bool, is_without_self: bool
) -> Decision:
    """Decide whether somebody else may write points before the person did."""
    if act not in (PROPOSED, DECIDED) or has_self or is_without_self or not terms.self_first:
        return ALLOWED
    return Refused(
        "self_missing",
        "Người được đánh giá chưa tự chấm. Hãy chờ họ tự chấm, hoặc đánh dấu rằng họ không tự chấm "
        "được và nêu lý do.",
        terms.source,
        field="without_self",
    )


def decide_points(terms: SheetTerms, points: Mapping[str, int]) -> Decision:
    """Decide whether points are given to every criterion and none has more than its most."""
    for one in terms.criteria:
        given = points.get(one.code)
        if given is None:
            return Refused("points_missing", f"Hãy cho điểm “{one.label}”.", field=one.code)
        if not 0 <= given <= one.most:
            return Refused(
                "points_out_of_bounds", f"“{one.label}” cho từ 0 đến {points_text(one.most)} điểm.",
                field=one.code,
            )  # fmt: skip
    return ALLOWED


def decide_text(text: str, *, act: str, is_recorded: bool = False) -> Decision:
    """Decide whether an act says why; the own points need no words.

    What a superior outside the system has decided is written down with its number (`is_recorded`).
    """
    if is_recorded and not (len(text.strip()) >= 10 and any(char.isdigit() for char in text)):
        return Refused(
            "decision_missing", "Hãy ghi số, ngày quyết định của cấp trên và ai quyết định.",
            field="text",
        )  # fmt: skip
    if act == SELF or len(text.strip()) >= 5:
        return ALLOWED
    asked = {
        PROPOSED: "Hãy ghi nhận xét và lý do đề xuất.",
        DECIDED: "Hãy ghi lý do của quyết định.",
        CONTESTED: "Hãy ghi điều bạn chưa đồng ý và căn cứ.",
        ANSWERED: "Hãy ghi câu trả lời và lý do.",
    }
    return Refused("reason_missing", asked.get(act, "Hãy ghi lý do."), field="text")


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """How the best stand against the quota: how many, of how many, how many are allowed."""

    best: int
    whole: int
    allowed: int
    allowed_exception: int

    @property
    def is_over(self) -> bool:
        """Say whether more stand in the best band than the plain quota allows."""
        return self.best > self.allowed

    @property
    def is_over_exception(self) -> bool:
        """Say whether even the exception does not allow so many."""
        return self.best > self.allowed_exception


def quota_check(terms: SheetTerms, bands: Mapping[str, int]) -> QuotaCheck:
    """Return how counts by band stand against the quota; a part of a person is not allowed one."""
    quota = terms.quota
    whole = sum(bands.get(code, 0) for code in quota.whole)
    return QuotaCheck(
        bands.get(quota.band, 0), whole, whole * quota.percent // 100,
        whole * quota.exception // 100,
    )  # fmt: skip


def decide_quota(terms: SheetTerms, check: QuotaCheck, *, exception: str) -> Decision:
    """Decide whether a period may be closed with so many in the best band.

    `exception` is the basis of the higher quota, such as the number of the decision that
    recognises the agency's outstanding results.
    """
    quota = terms.quota
    if not check.is_over:
        return ALLOWED
    facts = f"{check.best}/{check.whole} người xuất sắc"
    if check.is_over_exception:
        return Refused(
            "quota_exceeded",
            f"{facts}, quá cả mức đặc biệt {quota.exception}% ({check.allowed_exception} người). "
            "Hãy xem lại các quyết định trước khi chốt kỳ.",
            quota.source,
        )
    if len(exception.strip()) < 5:
        return Refused(
            "quota_needs_basis",
            f"{facts}, quá {quota.percent}% ({check.allowed} người). Hãy ghi căn cứ được hưởng mức "
            f"{quota.exception}%, hoặc xem lại các quyết định.",
            quota.source,
            field="exception",
        )
    return ALLOWED


def decide_closing(*, states: Iterable[str]) -> Decision:
    """Decide whether a period may be closed: every opened sheet is decided, none contested."""
    found = list(states)
    if not found:
        return Refused("nothing_to_close", "Kỳ này chưa có phiếu nào để chốt.")
    left = sum(state not in STANDS for state in found)
    if left:
        return Refused(
            "undecided", f"Còn {left} phiếu chưa có quyết định. Quyết định xong rồi chốt kỳ."
        )
    asked = sum(state == CONTESTED for state in found)
    if asked:
        return Refused(
            "contested", f"Còn {asked} kiến nghị chưa trả lời. Trả lời xong rồi chốt kỳ."
        )
    return ALLOWED


def may_set_terms(actor: Actor) -> Decision:
    """Decide whether the actor may change the agency's criteria: who leads or administers it."""
    if {"leader", "agency_admin"} & actor.roles:
        return ALLOWED
    return Refused(
        "not_permitted", "Tiêu chí của phiếu do người đứng đầu hoặc quản trị cơ quan sửa."
    )

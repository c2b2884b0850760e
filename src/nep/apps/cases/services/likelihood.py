"""Learning from finished cases, and telling each open case's chance to be late, by the worker."""

from datetime import datetime, timedelta

from nep.apps.cases.queries import likelihood as queries
from nep.apps.cases.queries.likelihood import OpenCase
from nep.apps.cases.rules import likelihood as rules
from nep.apps.cases.rules.likelihood import Chance, Forecast
from nep.apps.work import queries as work
from nep.apps.work import services as work_services
from nep.apps.work.services import ChanceTold
from nep.apps.workcal import queries as workcal
from nep.worktime import Calendar, duration_words

SOURCE = "case"
AT_ONCE = 200
FIT_AGAIN = timedelta(hours=20)
TELL_AGAIN = timedelta(hours=2)
THIN, WEAK, GOOD = "thin", "weak", "good"
WHY_THIN = "Chưa đủ hồ sơ đã kết thúc để ước lượng khả năng trễ."
WHY_WEAK = "Lịch sử của cơ quan chưa cho thấy dự báo tốt hơn đoán theo tỷ lệ chung."


def likelihood_fit(*, agency_id: int, now: datetime) -> str:
    """Learn anew from the agency's newest finished cases; return thin, weak or good.

    What is learnt is first tried on the newest quarter of the cases, which it has not seen; where
    it errs no less than the base rate, no percentage will be shown.
    """
    calendar = workcal.calendar_for(agency_id)
    history = queries.finished_history(agency_id=agency_id, calendar=calendar)
    examined, forecast = rules.examined(history), rules.fitted(history)
    if examined is None or forecast is None:
        state = THIN
    else:
        state = GOOD if examined.is_better else WEAK
    work_services.forecast_put(
        agency_id=agency_id, source_type=SOURCE, state=state,
        body=rules.as_json(forecast) if forecast is not None and state == GOOD else {},
        cases=len(history), now=now,
        tested=examined.cases if examined else 0,
        brier=examined.brier if examined else None,
        base=examined.base if examined else None,
    )  # fmt: skip
    return state


def likelihood_tell(*, agency_id: int, now: datetime, limit: int = AT_ONCE) -> int:
    """Tell the chance of the agency's open cases that have changed, or were told two hours ago, the
    nearest due first; return how many were told, at most `limit`."""
    facts = work.forecast_of(agency_id=agency_id, source_type=SOURCE)
    if facts is None or facts.fitted_at < now - FIT_AGAIN:
        likelihood_fit(agency_id=agency_id, now=now)
        facts = work.forecast_of(agency_id=agency_id, source_type=SOURCE)
    wanted = _to_tell(agency_id, now, limit)
    if not wanted or facts is None:
        return 0
    calendar = workcal.calendar_for(agency_id)
    forecast = rules.of_json(facts.body) if facts.state == GOOD else None
    why = WHY_WEAK if facts.state == WEAK else WHY_THIN
    cases = queries.open_cases(agency_id=agency_id, case_ids=wanted, now=now, calendar=calendar)
    work_services.chances_put(
        told=[_told(agency_id, case, forecast, why, calendar, now) for case in cases], now=now
    )
    gone = set(wanted) - {case.id for case in cases}
    work_services.chances_drop(source_type=SOURCE, source_ids=gone)
    return len(cases)


def _to_tell(agency_id: int, now: datetime, limit: int) -> list[int]:
    versions = queries.running_versions(agency_id=agency_id)
    found: list[int] = []
    for start in range(0, len(versions), 1000):
        part = versions[start : start + 1000]
        marks = work.chance_marks(source_type=SOURCE, source_ids=[key for key, _ in part])
        for case_id, version in part:
            mark, told_at = marks.get(case_id, (None, now))
            if mark != version or told_at <= now - TELL_AGAIN:
                found.append(case_id)
                if len(found) >= limit:
                    return found
    return found


def _told(
    agency_id: int,
    case: OpenCase,
    forecast: Forecast | None,
    why: str,
    calendar: Calendar,
    now: datetime,
) -> ChanceTold:
    chance = rules.chance_of(forecast, case.moment) if forecast is not None else None
    return ChanceTold(
        agency_id=agency_id, source_type=SOURCE, source_id=case.id, mark=case.version,
        person_id=case.person_id, unit_id=case.unit_id, due_at=case.due_at,
        percent=round(100 * chance.now) if chance else None,
        after=round(100 * chance.after) if chance else None,
        middle=chance.middle if chance else 0,
        high=chance.high if chance else 0,
        why=_why(case, chance) if chance else why,
    )  # fmt: skip


def _why(case: OpenCase, chance: Chance) -> str:
    """Return in one sentence why: what is left, what like cases needed, how full the hands are."""
    if case.moment.left <= 0:
        return "Đã qua ngày hẹn trả."
    text = (
        f"Còn {duration_words(case.moment.left)} làm việc; các bước còn lại thường mất "
        f"{duration_words(chance.middle)}, 10 hồ sơ thì 8 hồ sơ mất không quá "
        f"{duration_words(chance.high)}"
    )
    if chance.n < rules.PRIOR_WEIGHT:
        text += " (bước này còn ít lịch sử nên dựa thêm vào các bước khác của cơ quan)"
    if case.person_id and case.load > case.usual_load + 1:
        text += f"; người giữ đang có {case.load} hồ sơ, trung bình mỗi người {case.usual_load:.0f}"
    return f"{text}."


def likelihood_forget(*, limit: int = 1000, after: int = 0) -> int:
    """Forget the chances of cases that no longer run, among the next thousand behind a case;
    return the last one looked at, 0 at the end."""
    ids = work.chance_sources(source_type=SOURCE, after=after, limit=limit)
    gone = set(ids) - queries.still_running(ids)
    if gone:
        work_services.chances_drop(source_type=SOURCE, source_ids=gone)
    return ids[-1] if len(ids) == limit else 0


def likelihood_round(*, now: datetime) -> int:
    """Do one round of the worker: every agency in its turn, two hundred cases each; return how
    many cases were told."""
    told = sum(
        likelihood_tell(agency_id=agency_id, now=now) for agency_id in queries.agencies_with_cases()
    )
    place = likelihood_forget()
    while place:
        place = likelihood_forget(after=place)
    return told

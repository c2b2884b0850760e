"""Surveys: the list, one with its results, the page of who answers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from nep.apps.improvement.models import Survey, SurveyAnswer
from nep.apps.improvement.rules import surveys as rules
from nep.apps.improvement.rules.surveys import Question, Result
from nep.apps.organization.queries import agency
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound

MOST_COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey in the list."""

    id: int
    title: str
    state: str
    state_name: str
    anonymous: bool
    closes_on: date | None
    made_at: datetime
    questions: int
    answers: int


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A survey with its results by question; `names` are who said them, where not anonymous."""

    line: SurveyLine
    key: str
    lead: str
    questions: tuple[Question, ...]
    results: tuple[Result, ...]
    days: tuple[tuple[date, int], ...]
    answers: tuple[tuple[date, str, tuple[str, ...]], ...]
    satisfied: float | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PublicSurvey:
    """What who answers sees."""

    title: str
    lead: str
    agency_name: str
    anonymous: bool
    questions: tuple[Question, ...]
    is_open: bool


def survey_lines(*, agency_id: int) -> tuple[SurveyLine, ...]:
    """Return the surveys of an agency, newest first; one query."""
    rows = Survey.objects.filter(agency_id=agency_id).annotate(given=Count("answers"))
    return tuple(_line(row, row.given) for row in rows.order_by("-made_at", "-id"))


def _line(row: Survey, answers: int) -> SurveyLine:
    return SurveyLine(
        row.id, row.title, row.state, rules.STATE_NAMES[row.state], row.anonymous, row.closes_on,
        row.made_at, len(row.questions), answers,
    )  # fmt: skip


def survey_page(*, actor: Actor, survey_id: int, today: date) -> SurveyPage:
    """Return one survey of the agency with what was answered. Raises NotFound."""
    row = Survey.objects.filter(pk=survey_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    questions = rules.read_questions(row.questions)
    kept = list(
        SurveyAnswer.objects.filter(survey=row).order_by("id")
        .values_list("on", "name", "values")[:MOST_COUNTED]
    )  # fmt: skip
    found = rules.results(questions, [values for _, _, values in kept])
    days: dict[date, int] = {}
    for on, _, _ in kept:
        days[on] = days.get(on, 0) + 1
    return SurveyPage(
        line=_line(row, len(kept)), key=row.key, lead=row.lead, questions=questions, results=found,
        days=tuple(sorted(days.items())),
        answers=tuple((on, name, _in_words(questions, values)) for on, name, values in kept),
        satisfied=_mean(found),
        is_open=rules.is_open(row.state, closes_on=row.closes_on, today=today),
    )  # fmt: skip


def _in_words(questions: tuple[Question, ...], values: dict[str, str]) -> tuple[str, ...]:
    said = []
    for place, one in enumerate(questions):
        value = values.get(str(place), "")
        said.append(value if one.kind == rules.WORDS else one.names().get(value, ""))
    return tuple(said)


def _mean(found: tuple[Result, ...]) -> float | None:
    """Return the satisfied share over all answers on the scale."""
    asked = [one for one in found if one.satisfied is not None]
    total = sum(one.answered for one in asked)
    return sum((one.satisfied or 0) * one.answered for one in asked) / total if total else None


def survey_satisfaction(
    *, agency_id: int, starts_on: date, ends_on: date
) -> tuple[int, float | None]:
    """Return (answers, satisfied share in percent) of the surveys of an agency in a period."""
    rows = SurveyAnswer.objects.filter(
        survey__agency_id=agency_id, on__gte=starts_on, on__lte=ends_on
    )
    by_survey: dict[int, list[dict[str, str]]] = {}
    for survey_id, values in rows.values_list("survey_id", "values"):
        by_survey.setdefault(survey_id, []).append(values)
    found: list[Result] = []
    for row in Survey.objects.filter(pk__in=list(by_survey)):
        found += rules.results(rules.read_questions(row.questions), by_survey[row.pk])
    return sum(map(len, by_survey.values())), _mean(tuple(found))


def public_survey(*, key: str, today: date) -> PublicSurvey:
    """Return a survey by its key as who answers sees it. Raises NotFound while it is a draft."""
    row = Survey.objects.filter(key=key).exclude(state=rules.DRAFT).first()
    if row is None:
        raise NotFound("survey_unknown", "Không có cuộc khảo sát này. Xin kiểm tra lại đường dẫn.")
    return PublicSurvey(
        row.title, row.lead, agency(row.agency_id).name, row.anonymous,
        rules.read_questions(row.questions),
        rules.is_open(row.state, closes_on=row.closes_on, today=today),
    )  # fmt: skip

"""Surveys are made, opened, answered, closed."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from nep.apps.improvement.models import Survey, SurveyAnswer
from nep.apps.improvement.rules import surveys as rules
from nep.apps.improvement.rules.surveys import Question
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal, TooMany
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def survey_keep(
    *,
    actor: Actor,
    title: str,
    lead: str,
    questions: Sequence[Question],
    anonymous: bool,
    closes_on: date | None,
    now: datetime,
    survey_id: int | None = None,
) -> int:
    """Make a survey, or change one that is not open yet; return its id.

    Raises Forbidden; NotFound; Refusal(see `decide_survey`, "survey_open").
    """
    require(may(actor, "improvement.set"))
    require(
        rules.decide_survey(
            title=title, questions=questions, closes_on=closes_on, today=local(now).date()
        ),
        kind=Refusal,
    )
    if survey_id is None:
        row = Survey(agency_id=actor.agency_id, key=secrets.token_urlsafe(15),
                     made_by_id=actor.person_id, made_at=now, version=0)  # fmt: skip
    else:
        row = _locked(actor, survey_id)
        if row.state != rules.DRAFT:
            raise Refusal(
                "survey_open", "Khảo sát đã mở thì câu hỏi không đổi nữa. Hãy lập cuộc khác."
            )
    row.title, row.lead, row.anonymous = clean(title)[:200], clean(lead)[:600], anonymous
    row.closes_on = closes_on
    row.questions = [
        {"kind": one.kind, "text": one.text, "options": list(one.options)} for one in questions
    ]
    _save(actor, row, "survey.kept", now)
    return row.id


@transaction.atomic
def survey_move(*, actor: Actor, survey_id: int, move: str, now: datetime) -> None:
    """Open a survey for answers, or close it. Raises Forbidden; NotFound; Refusal("survey_state")."""
    require(may(actor, "improvement.set"))
    row = _locked(actor, survey_id)
    state = rules.LIFE.get((row.state, move))
    if state is None:
        name = rules.STATE_NAMES[row.state].lower()
        raise Refusal("survey_state", f"Cuộc khảo sát này {name}. Hãy tải lại trang.")
    row.state = state
    if state == rules.OPEN:
        row.opened_at = now
    else:
        row.closed_at = now
    _save(actor, row, f"survey.{move}", now)


@transaction.atomic
def survey_answer(*, key: str, given: Mapping[str, str], name: str, now: datetime) -> None:
    """Keep one answer to an open survey: what was chosen and the day, nothing of who gave it.

    A name is kept only where the survey is not anonymous. Raises NotFound for an unknown key;
    Refusal("survey_closed", "answers_none"); TooMany past sixty answers a minute.
    """
    row = Survey.objects.select_for_update(of=("self",)).filter(key=key).first()
    if row is None or row.state == rules.DRAFT:
        raise NotFound("survey_unknown", "Không có cuộc khảo sát này. Xin kiểm tra lại đường dẫn.")
    today = local(now).date()
    if not rules.is_open(row.state, closes_on=row.closes_on, today=today):
        raise Refusal("survey_closed", "Cuộc khảo sát đã kết thúc. Cảm ơn Ông/Bà đã quan tâm.")
    kept = rules.kept_answers(rules.read_questions(row.questions), given)
    if not kept:
        raise Refusal("answers_none", "Xin chọn hoặc viết ít nhất một câu trả lời.")
    minute = now.replace(second=0, microsecond=0)
    same = row.burst_at == minute
    if same and row.burst_count >= rules.MOST_A_MINUTE:
        raise TooMany("survey_busy", "Đang có nhiều người trả lời. Xin thử lại sau một phút.")
    Survey.objects.filter(pk=row.pk).update(
        burst_at=minute, burst_count=row.burst_count + 1 if same else 1
    )
    SurveyAnswer.objects.create(
        survey=row, on=today, values=kept, name="" if row.anonymous else clean(name)[:120]
    )


def _save(actor: Actor, row: Survey, action: str, now: datetime) -> None:
    row.version += 1
    row.save()
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=action, object_type="survey",
        object_id=row.id, at=now, new={"title": row.title, "state": row.state},
    )  # fmt: skip


def _locked(actor: Actor, survey_id: int) -> Survey:
    row = (
        Survey.objects.select_for_update(of=("self",))
        .filter(pk=survey_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row

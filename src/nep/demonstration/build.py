"""Building the demonstration: first what a visitor meets at once, then the year behind it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from nep.apps.organization.queries import agency_by_code, agency_exists
from nep.demonstration import facts
from nep.demonstration.absences import away
from nep.demonstration.agencies import build_agency
from nep.demonstration.amendment import build_amendment
from nep.demonstration.asking import build_asking
from nep.demonstration.audits import build_audits
from nep.demonstration.catalogue import build_catalogue
from nep.demonstration.competence import build_competence
from nep.demonstration.conformity import build_conformity
from nep.demonstration.documents import build_documents
from nep.demonstration.drawing import build_drawing
from nep.demonstration.fed import OneStopExport, feed
from nep.demonstration.improvement import build_improvement
from nep.demonstration.internal import build_internal_procedures
from nep.demonstration.library import build_library
from nep.demonstration.models import build_models
from nep.demonstration.objectives import build_objectives
from nep.demonstration.open_runs import cases_exist
from nep.demonstration.planning import build_planning
from nep.demonstration.procedures import actor_with, build_procedures
from nep.demonstration.progress import read_progress, write_progress
from nep.demonstration.reading import build_reading
from nep.demonstration.records import build_records
from nep.demonstration.reviews import build_reviews
from nep.demonstration.standards import build_standards
from nep.demonstration.voices import build_voices
from nep.demonstration.year import (
    FINISHED_A_YEAR,
    OPEN_NOW,
    Year,
    beginning_of,
    place_of,
)
from nep.foundation.outbox.worker import run_at_once
from nep.kernel.vietnamese import VN

Tell = Callable[[str], None]


def prepare_demonstration() -> None:
    """Build agencies, people and procedures in force, once."""
    if agency_exists():
        return
    since = beginning_of(datetime.now(VN))
    for agency in facts.agencies():
        agency_id = build_agency(agency, now=since, since=since.date())
        build_procedures(agency, agency_id=agency_id, now=since)
        build_internal_procedures(agency, agency_id=agency_id, now=since)
        build_library(agency, agency_id=agency_id, now=since)
        build_documents(agency, agency_id=agency_id, now=since, lately=datetime.now(VN))
        build_records(agency, agency_id=agency_id, now=since)
        build_amendment(agency, agency_id=agency_id, now=datetime.now(VN))
        build_drawing(agency, agency_id=agency_id, now=datetime.now(VN))
    build_catalogue(now=since)
    write_progress("Đang dựng một năm hồ sơ mẫu")


def is_unfinished() -> bool:
    """Say whether the year still has to be filled."""
    progress = read_progress()
    return progress is None or not progress.finished


def build_year(*, tell: Tell) -> None:
    """Fill the year up to now; begun by an earlier start, it is left as it stands."""
    if not is_unfinished():
        return
    places = [place_of(agency_by_code(agency["code"]).id, agency) for agency in facts.agencies()]
    if any(cases_exist(place.id) for place in places):
        write_progress("Năm hồ sơ mẫu dựng dở từ lần trước", finished=True)
        return

    def told(text: str) -> None:
        write_progress(text)
        tell(text)

    now = datetime.now(VN)
    since = beginning_of(now)
    build_reading(
        places[0].facts,
        agency_id=places[0].id,
        now=(now - timedelta(days=3)).replace(hour=9, minute=0),
    )
    shares = sum(place.facts["share"] for place in places)
    for place in places:
        if place.facts.get("fed"):
            count = round((FINISHED_A_YEAR + OPEN_NOW) * place.facts["share"] / shares)
            actor = actor_with(place.facts, "reception", agency_id=place.id, now=now)
            export = OneStopExport(place.facts, place.calendar, now=now)
            feed(export, actor=actor, since=since, count=count, tell=told)
    year = Year(places, now=now, tell=told)
    year.plan_arrivals(since=since)
    year.play()
    for place in places:
        away(place.facts, agency_id=place.id, now=now)
        build_asking(place.facts, agency_id=place.id, now=now)
        build_voices(place.facts, agency_id=place.id, now=now)
        build_standards(place.facts, agency_id=place.id, now=now)
        build_improvement(place.facts, agency_id=place.id, now=now)
        build_competence(place.facts, agency_id=place.id, now=now)
        build_audits(place.facts, agency_id=place.id, now=now)
        build_planning(place.facts, agency_id=place.id, now=now)
        build_objectives(place.facts, agency_id=place.id, now=now)
        build_reviews(place.facts, agency_id=place.id, now=now)
        build_conformity(place.facts, agency_id=place.id, now=now)
    first, *others = [(place.facts, place.id) for place in places]
    build_models(first, others, now=now)
    told("Đang đếm công sức của một năm")
    run_at_once("journal.link", "conformity.burden", now=datetime.now(VN))
    write_progress("Đã dựng xong một năm hồ sơ mẫu", finished=True)
    tell("Đã dựng xong một năm hồ sơ mẫu.")

"""Writing cases of another system: the same rows as those of cases run here.

A case is told anew from all the rows known of it, in an order that their contents decide. Rows that
lengthen what was told lengthen the log; rows that came late or contradict it are told after a mark,
so that the same rows stand for the same case whatever came first.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from nep.apps.cases.models import (
    Case,
    CaseErasure,
    CaseEvent,
    CasePause,
    FedDeviation,
    FedRow,
    FedWaiting,
    StepRun,
)
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import blackening, fed_columns
from nep.apps.cases.rules.fed_columns import FedRow as Row
from nep.apps.cases.rules.fed_columns import RowFault
from nep.apps.cases.rules.fed_deviations import SKIPPED, DoneStep, deviations
from nep.apps.cases.rules.fed_joining import first_received, is_lengthening, join
from nep.apps.cases.rules.fed_steps import recalled_node, role_of, status_of
from nep.apps.cases.rules.fed_timeline import FedEvent, FedStep, Terms, Timeline, timeline
from nep.apps.cases.rules.slip import RETOLD, TOLD_ANEW
from nep.apps.cases.rules.statuses import STATUS_NAMES
from nep.apps.cases.services._fed_batch import Tally, Writes
from nep.apps.cases.services._fed_filling import (
    Known,
    Names,
    due_text,
    fill,
    fill_case,
    told_words,
)
from nep.apps.cases.services._fed_meanings import Meanings
from nep.apps.cases.services._fed_versions import CannotTake, NoProcedure, Versions
from nep.apps.organization import queries as organization
from nep.apps.procedures.queries import VersionFacts
from nep.apps.workcal import queries as workcal
from nep.foundation.db import new_id
from nep.foundation.db.bulk import new_row
from nep.foundation.journal import services as journal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local

CHUNK = 200


class Importer:
    """Brings the rows of one agency in; `is_dry` computes everything and writes nothing.

    `source_id` (0 for none) says whose wordings are remembered; with `keeps_waiting` rows that do
    not name their procedure wait for those that will.
    """

    def __init__(
        self,
        *,
        agency_id: int,
        actor_id: int | None,
        now: datetime,
        tthc_id: int | None = None,
        variant: str = "",
        is_dry: bool = False,
        source_id: int = 0,
        keeps_waiting: bool = False,
    ) -> None:
        self.agency_id, self.actor_id, self.now = agency_id, actor_id, now
        self.is_dry, self.source_id, self.keeps_waiting = is_dry, source_id, keeps_waiting
        self.versions = Versions(agency_id=agency_id, tthc_id=tthc_id, variant=variant)
        self.tally = Tally()
        self.calendar = workcal.calendar_for(agency_id)
        units = {unit.code: unit.id for unit in organization.units_of(agency_id)}
        people = organization.people_for(agency_id=agency_id, today=local(now).date())
        self.people = {fold(person.name): person.id for person in people}
        self.found_people: dict[str, int | None] = {"": None}
        self.names = Names(self._person, units)
        self.meanings = Meanings(agency_id=agency_id, source_id=source_id)
        self.holders: dict[date, Mapping[tuple[str, str], frozenset[int]]] = {}
        self.heard: dict[str, dict[str, int]] = {}
        self.erased: frozenset[int] = frozenset()
        self.blackened: frozenset[int] = frozenset()
        self.told: set[str] = set()

    def take(self, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Bring a chunk of cases in, in one transaction; the same rows again change nothing."""
        with transaction.atomic():
            codes = [code for code, _ in groups]
            known, waiting = self._known(codes), self._waiting(codes)
            writes = Writes()
            fresh = {
                code: self._fresh(rows, known.get(code), waiting.get(code, {}))
                for code, rows in groups
            }
            self._complete([known[code] for code in codes if code in known and fresh[code]])
            for code, _ in groups:
                if fresh[code]:
                    self._one(code, fresh[code], known, waiting.get(code, {}), writes)
            if not self.is_dry:
                self._write(writes)

    def _known(self, codes: Sequence[str]) -> dict[str, Known]:
        """Return what stands of the cases: their own rows and those of the other system."""
        found = Case.objects.filter(agency_id=self.agency_id, code__in=codes)
        if not self.is_dry:
            found = found.select_for_update()
        cases = {case.pk: case for case in found}
        known = {pk: Known(case) for pk, case in cases.items()}
        if cases:
            gone = set(CaseErasure.objects.filter(case_id__in=known).values_list("case_id", "part"))
            self.erased = frozenset(pk for pk, part in gone if part == "fed")
            self.blackened = frozenset(pk for pk, part in gone if part in blackening.PARTS)
            rows = FedRow.objects.filter(case_id__in=known)
            for pk, case_id, key, data in rows.values_list("id", "case_id", "key", "data"):
                known[case_id].rows[key] = fed_columns.row_kept(key, data)
                known[case_id].row_ids[key] = pk
        return {cases[pk].code: one for pk, one in known.items()}

    def _complete(self, known: Sequence[Known]) -> None:
        """Read the runs, events and pauses of the cases that will grow."""
        by_id = {one.case.pk: one for one in known if one.case is not None}
        if not by_id:
            return
        for run in StepRun.objects.filter(case_id__in=by_id).order_by("id"):
            by_id[run.case_id].runs.append(run)
        events = CaseEvent.objects.filter(case_id__in=by_id).order_by("id")
        for case_id, kind, at, node, data in events.values_list(
            "case_id", "kind", "at", "node", "data"
        ):
            if kind in TOLD_ANEW:  # what was told before has been told anew after it
                by_id[case_id].events.clear()
            else:
                by_id[case_id].events.append((kind, at, node, told_words(json.loads(data))))
        for pause in CasePause.objects.filter(case_id__in=by_id).order_by("started_at", "id"):
            by_id[pause.case_id].pauses.append(pause)

    def _waiting(self, codes: Sequence[str]) -> dict[str, dict[str, tuple[int, Row]]]:
        if not self.keeps_waiting:
            return {}
        rows = FedWaiting.objects.filter(agency_id=self.agency_id, code__in=codes)
        found: dict[str, dict[str, tuple[int, Row]]] = {}
        for pk, code, key, data in rows.values_list("id", "code", "key", "data"):
            found.setdefault(code, {})[key] = (pk, fed_columns.row_kept(key, data))
        return found

    def _fresh(
        self, rows: Sequence[Row], known: Known | None, waiting: Mapping[str, tuple[int, Row]]
    ) -> list[Row]:
        """Return the rows that tell something new, joined with what was told of them before.

        Rows of a case whose personal data were erased bring no words back, only times.
        """
        fresh = []
        if known and known.case is not None and known.case.pk in self.blackened:
            rows = [replace(row, note="") for row in rows]
        for row in rows:
            old = known.rows.get(row.key) if known else None
            if old is None and row.key in waiting:
                old = waiting[row.key][1]
            if old is None:
                fresh.append(row)
                continue
            joined = join(old, row)
            if replace(joined, number=old.number) == old:
                self.tally.unchanged += 1
            else:
                fresh.append(replace(joined, number=row.number))
        return fresh

    def _one(
        self,
        code: str,
        fresh: Sequence[Row],
        known: Mapping[str, Known],
        waiting: Mapping[str, tuple[int, Row]],
        writes: Writes,
    ) -> None:
        """Add the writes of one case with new rows; what cannot be taken is told row by row."""
        one = known.get(code) or Known()
        try:
            if one.case is not None and one.case.origin != "fed":
                raise CannotTake("Hồ sơ này đang được giải quyết trong Nếp nên không nhập đè.")
            if one.case is not None and one.case.pk in self.erased:
                raise CannotTake("Dòng gốc của hồ sơ này đã xóa theo quy tắc nên không nhập thêm.")
            renewed = {row.key for row in fresh}
            later = [row for key, (_, row) in waiting.items() if key not in renewed]
            unmatched = self._grow(code, [*fresh, *later], one, writes) & renewed
        except NoProcedure as fault:
            if self.keeps_waiting and one.case is None:
                self._keep(code, fresh, waiting, writes)
            else:
                self.tally.refused += [RowFault(row.number, str(fault)) for row in fresh]
        except CannotTake as fault:
            self.tally.refused += [RowFault(row.number, str(fault)) for row in fresh]
        else:
            writes.arrived += [pk for pk, _ in waiting.values()]
            self.tally.cases += 1
            self.told.add(code)
            self.tally.events += len(fresh)
            self.tally.unmatched += len(unmatched)
            self.tally.matched += len(fresh) - len(unmatched)

    def _keep(
        self,
        code: str,
        fresh: Sequence[Row],
        waiting: Mapping[str, tuple[int, Row]],
        writes: Writes,
    ) -> None:
        """Let rows wait for the one that names their procedure."""
        for row in fresh:
            old = waiting.get(row.key)
            kept = new_row(
                FedWaiting, id=old[0] if old else new_id(), agency_id=self.agency_id,
                source_id=self.source_id or None, code=code, key=row.key,
                data=fed_columns.row_data(row), at=self.now,
            )  # fmt: skip
            (writes.changed_waiting if old else writes.waiting).append(kept)
        self.tally.events += len(fresh)
        self.tally.unmatched += len(fresh)

    def _grow(
        self, code: str, fresh: Sequence[Row], known: Known, writes: Writes
    ) -> frozenset[str]:
        """Add the writes of one case; return the keys of the rows that mean nothing."""
        rows = known.rows | {row.key: row for row in fresh}
        case, moved_from = self._case(code, rows, known.case)
        terms = self._terms(case)
        for row in fresh:
            if row.node is None and row.key not in known.rows:
                node = self.meanings.of(row, tthc_id=case.tthc_id, plan=terms.plan)
                if node is not None:
                    rows[row.key] = replace(row, node=node)
        if moved_from:
            rows = _moved(rows, moved_from, case.content_hash)
        made = timeline(list(rows.values()), terms=terms)
        changed = [row.key for row in fresh if row.key in known.rows]
        is_anew = known.case is not None and (
            bool(moved_from)
            or _differs(made, known)
            or any(not is_lengthening(known.rows[key], rows[key]) for key in changed)
        )
        fill_case(case, made, self.names)
        if is_anew:  # its id comes before those of what is told after it
            writes.events.append(self._mark(case, fresh))
        writes.add(fill(case, made, known, self.names, is_anew=is_anew))
        (writes.cases if known.case is None else writes.changed_cases).append(case)
        writes.deviations += self._deviations(case, made, terms)
        self._keep_rows(case, {row.key for row in fresh}, rows, known, made, writes)
        if self.is_dry:
            self._hear(made, rows.values(), terms)
        writes.told.append({"code": case.code, "rows": len(fresh), "status": case.status})
        return frozenset(one.row.key for one in made.unmatched)

    def _hear(self, made: Timeline, rows: Iterable[Row], terms: Terms) -> None:
        """Count what the words of the rows were taken to mean."""
        for row in rows:
            words = row.step or row.status
            step = terms.plan.steps.get(made.nodes.get(row.key, ""))
            state = status_of(row.status) or (status_of(row.step) if row.step else None)
            meaning = f"{step.label}: {step.name}" if step else STATUS_NAMES.get(state or 0, "")
            counts = self.heard.setdefault(words, {})
            counts[meaning] = counts.get(meaning, 0) + 1

    def activities(self) -> tuple[tuple[str, int, str], ...]:
        """Return the words a trial met, most often first: (words, times, meaning or empty)."""
        found = [
            (words, sum(counts.values()), max(counts, key=lambda one: counts[one]))
            for words, counts in self.heard.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))

    def retell(self, case: Case, nodes: Mapping[str, str]) -> None:
        """Tell a case anew with these rows meaning these steps, after the correction was logged.

        What was logged before stays in the log; runs and pauses, which hold how the case stands,
        are set anew in place.
        """
        known = self._known([case.code])[case.code]
        self._complete([known])
        rows = {
            key: replace(row, node=nodes[key]) if key in nodes else row
            for key, row in known.rows.items()
        }
        terms, writes = self._terms(case), Writes(changed_cases=[case])
        made = timeline(list(rows.values()), terms=terms)
        fill_case(case, made, self.names)
        writes.add(fill(case, made, known, self.names, is_anew=True))
        writes.deviations += self._deviations(case, made, terms)
        self._keep_rows(case, set(rows), rows, known, made, writes)
        writes.write()

    def _case(self, code: str, rows: Mapping[str, Row], known: Case | None) -> tuple[Case, str]:
        """Return the case, new or as it stands, and the hash of the procedure it leaves when rows
        that came late show that it was received under another."""
        received = first_received(rows.values())
        if known is None:
            found = self.versions.of(list(rows.values()), local(received).date())
            return self._new_case(code, found, received), ""
        if known.received_at == received:
            return known, ""
        old_day, old_hash = local(known.received_at).date(), known.content_hash
        _set_received(known, received)
        if old_day == local(received).date():
            return known, ""
        found = self.versions.of(
            list(rows.values()), local(received).date(), known_tthc=known.tthc_id
        )
        _set_version(known, found)
        return known, old_hash if found.content_hash != old_hash else ""

    def _terms(self, case: Case) -> Terms:
        return Terms(
            plan_for(case.content_hash), self.calendar, case.limit_amount, case.limit_unit,
            case.pause_policy,
        )  # fmt: skip

    def _new_case(self, code: str, version: VersionFacts, received: datetime) -> Case:
        case = Case(
            id=new_id(), agency_id=self.agency_id, code=code,
            lookup_key=secrets.token_urlsafe(15), origin="fed", status=4, version=0,
        )  # fmt: skip
        _set_version(case, version)
        _set_received(case, received)
        return case

    def _person(self, name: str) -> int | None:
        known = self.found_people.get(name, -1)
        if known == -1:
            known = self.found_people[name] = self.people.get(fold(name))
        return known

    def _mark(self, case: Case, fresh: Sequence[Row]) -> CaseEvent:
        data = json.dumps({"rows": len(fresh)})
        return new_row(CaseEvent, id=new_id(), case_id=case.pk, kind=RETOLD, at=self.now, data=data)

    def _keep_rows(
        self,
        case: Case,
        keys: set[str],
        rows: Mapping[str, Row],
        known: Known,
        made: Timeline,
        writes: Writes,
    ) -> None:
        nothing = {one.row.key for one in made.unmatched}
        for key, row in rows.items():
            if key not in keys and row is known.rows.get(key):
                continue
            kept = new_row(
                FedRow, id=known.row_ids.get(key) or new_id(), case_id=case.pk, key=key,
                data=fed_columns.row_data(row), conflict=bool(row.told),
                unmatched=fold(row.step or row.status)[:300] if key in nothing and row.node is None else "",
            )  # fmt: skip
            (writes.changed_rows if key in known.row_ids else writes.rows).append(kept)

    def _deviations(self, case: Case, made: Timeline, terms: Terms) -> list[FedDeviation]:
        done = [
            DoneStep(run.step.node, run.opened_at, run.row.actor, self._has_role(run))
            for run in made.runs
        ]
        found = deviations(done, plan=terms.plan, is_finished=made.outcome == "granted")
        return [
            new_row(
                FedDeviation, id=new_id(), case_id=case.pk, kind=one.kind, node=one.node, number=one.number,
                at=one.at, actor=one.actor[:200], place=one.by,
            )
            for one in found
            if one.kind != SKIPPED or not made.unmatched  # a row nobody understood may be that step
        ]  # fmt: skip

    def _has_role(self, run: FedStep) -> bool | None:
        """Say whether who did a step holds its role now or held it then, None when not known."""
        step, person = run.step, self._person(run.row.actor)
        if step.outside or not step.role:
            return None
        if person is None:
            told = role_of(run.row.role) if run.row.role else ""
            return told == step.role if told else None
        key = step.unit_code, step.role
        today = local(self.now).date()
        return person in self._holders(today).get(key, ()) or person in self._holders(
            local(run.opened_at).date()
        ).get(key, ())

    def _holders(self, day: date) -> Mapping[tuple[str, str], frozenset[int]]:
        """Return who holds which role on a day."""
        if day not in self.holders:
            holders = organization.directory(agency_id=self.agency_id, today=day).holders
            self.holders[day] = {
                key: frozenset(one.id for one in people) for key, people in holders.items()
            }
        return self.holders[day]

    def _write(self, writes: Writes) -> None:
        writes.write()
        if not writes.told:
            return
        journal.record(
            actor_id=self.actor_id, agency_id=self.agency_id, action="cases.fed",
            object_type="agency", object_id=self.agency_id, at=self.now,
            new={"source": self.source_id, "cases": writes.told},
        )  # fmt: skip


def _set_received(case: Case, received: datetime) -> None:
    here = local(received)
    case.received_at = case.accepted_at = case.transfer_at = received
    case.received_month = here.year * 100 + here.month


def _set_version(case: Case, version: VersionFacts) -> None:
    case.tthc_id, case.tthc_code = version.tthc_id, version.tthc_code
    case.tthc_name, case.revision_id = version.tthc_name, version.revision_id
    case.procedure_text = f"{version.code} {version.number}".strip()[:120]
    case.content_hash, case.pause_policy = version.content_hash, version.pause_policy
    case.limit_amount = version.limit_amount
    case.limit_unit = version.limit_unit if version.limit_amount is not None else ""


def _moved(rows: Mapping[str, Row], old_hash: str, new_hash: str) -> dict[str, Row]:
    """Let what people said of words hold in another version, where its steps have the same name."""
    old, new = plan_for(old_hash), plan_for(new_hash)
    moved = {}
    for key, row in rows.items():
        if row.node and row.node in old.steps:
            node = recalled_node(node=row.node, step_name=old.steps[row.node].name, plan=new)
            row = replace(row, node=node)
        moved[key] = row
    return moved


def _differs(made: Timeline, known: Known) -> bool:
    """Say whether a case told now does not merely go on from what was told of it before."""
    if len(made.events) < len(known.events) or len(made.runs) < len(known.runs):
        return True
    told = [_told(event, made) for event in made.events[: len(known.events)]]
    nodes = [run.step.node for run in made.runs[: len(known.runs)]]
    waits = [(one.kind, one.started_at) for one in made.pauses[: len(known.pauses)]]
    return (
        told != known.events
        or nodes != [run.node for run in known.runs]
        or waits != [(one.kind, one.started_at) for one in known.pauses]
    )


def _told(event: FedEvent, made: Timeline) -> tuple[str, datetime, str, str]:
    data = event.data
    if event.kind == "accepted":
        data = {"due": due_text(made.due_original)}
    return event.kind, event.at, event.node, told_words(data)

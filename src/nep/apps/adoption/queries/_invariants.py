"""What must hold of model procedures and adoptions; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.adoption import rules
from nep.apps.adoption.models import AdoptedForm, Adoption, ModelProcedure
from nep.apps.adoption.queries._models import edition_draft, openness_of
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.draft import Draft
from nep.apps.work.queries import item_states
from nep.foundation.db.doctor import Finding, invariant

SOURCE = "adoption"
CHUNK = 200


@invariant("adoption_numbers", "Bản mẫu được đánh số liền nhau, nơi áp dụng theo bản có thật")
def numbers() -> Iterator[Finding]:
    """Find models whose editions do not run from 1 to the newest, and adoptions beyond it."""
    for row in ModelProcedure.objects.order_by("pk").iterator(chunk_size=200):
        numbers_ = list(row.editions.order_by("number").values_list("number", flat=True))
        if numbers_ != list(range(1, row.number + 1)):
            yield Finding("adoption_numbers", f"mẫu {row.code}", "số bản không liền từ 1")
    beyond = Adoption.objects.filter(number__gt=F("model__number"))
    for pk, code in beyond.values_list("id", "model__code"):
        yield Finding("adoption_numbers", f"áp dụng {pk} mẫu {code}", "theo bản chưa công bố")


@invariant("adoption_content", "Quy trình theo mẫu chỉ khác ở chỗ mẫu để mở")
def contents() -> Iterator[Finding]:
    """Find procedures that depart from the edition they follow."""
    rows = (
        Adoption.objects.filter(left_at=None)
        .exclude(revision__state__in=["dropped", "retired"])
        .select_related("model")
    )
    editions: dict[tuple[int, int], Draft] = {}
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = some[-1].pk
        mine = procedures.version_drafts(row.revision_id for row in some)
        for row in some:
            key = (row.model_id, row.number)
            if key not in editions:
                editions[key] = edition_draft(
                    model_id=row.model_id,
                    source_agency_id=row.model.source_agency_id,
                    number=row.number,
                )
            for one in rules.departures(
                editions[key], mine[row.revision_id], openness_of(row.model)
            ):
                yield Finding("adoption_content", f"quy trình theo mẫu {row.model.code}", one.words)


@invariant("adoption_forms", "Biểu mẫu lấy theo mẫu là của chính nơi áp dụng")
def forms() -> Iterator[Finding]:
    """Find forms that stand for a model's but are another agency's, or made from another form."""
    strange = AdoptedForm.objects.filter(
        ~Q(own__agency_id=F("adoption__agency_id"))
        | (Q(taken__isnull=False) & ~Q(taken__document_id=F("source_id")))
    )
    for pk, code in strange.values_list("id", "own__code"):
        yield Finding(
            "adoption_forms", f"biểu mẫu {code} theo mẫu ({pk})", "không thuộc nơi áp dụng"
        )


@invariant("adoption_items", "Việc trả lời bản mẫu mới thuộc về nơi áp dụng đang theo mẫu")
def items() -> Iterator[Finding]:
    """Find open items of adoptions that have nothing to answer."""
    open_ = {item.source_id: item.id for item in item_states(source_type=SOURCE) if item.is_open}
    waiting = set(
        Adoption.objects.filter(pk__in=list(open_), left_at=None, model__withdrawn_at=None)
        .exclude(declined=F("model__number"))
        .filter(number__lt=F("model__number"))
        .values_list("id", flat=True)
    )
    for source_id, item_id in open_.items():
        if source_id not in waiting:
            yield Finding("adoption_items", f"việc {item_id}", "không còn gì để trả lời")

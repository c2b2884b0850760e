"""What the library of an agency holds beside procedures: one row of each, written directly.

The services that make these have their own tests; here the rows only have to exist, so that their
ids can be tried from another agency.
"""

import hashlib
from datetime import date, timedelta

from nep.apps.adoption.models import Adoption, ModelEdition, ModelProcedure
from nep.apps.cases.models import FedSource, FedWording, FormEdition, GivenPaper
from nep.apps.documents.models import (
    ChangeRequest,
    Document,
    FilledForm,
    ImportBatch,
    Inquiry,
    PaperCopy,
    Question,
    Recipient,
    Review,
    Revision,
    RoutePerson,
    RouteStep,
    SavedView,
    SigningRoom,
)
from nep.apps.organization.models import Appointment, Person
from nep.apps.procedures.models import Definition
from nep.apps.records.models import Record, RecordEdition
from nep.foundation.files.models import StoredFile
from tests.world import BEGINNING

DAY = date(2026, 3, 2)
LAYOUT = '{"title": "Mẫu riêng"}'


def document(agency_id: int) -> Document:
    """Return a document of the agency that is in force: one of its procedures."""
    return Document.objects.filter(agency_id=agency_id, status="in_force").earliest("pk")


def revision(agency_id: int) -> Revision:
    """Return the revision of that document."""
    return Revision.objects.get(document=document(agency_id), state="in_force")


def stock(agency_id: int, *, mark: str = "") -> None:
    """Give the agency one of everything around a document."""
    own = {"agency_id": agency_id, "document": document(agency_id)}
    version = revision(agency_id)
    admin = Appointment.objects.filter(agency_id=agency_id, role="agency_admin").first().person
    person = Person.objects.filter(agency_id=agency_id).earliest("pk")
    SavedView.objects.create(
        agency_id=agency_id, person=admin, name=f"Lọc {mark}", query="q=x", created_at=BEGINNING
    )
    ImportBatch.objects.create(
        agency_id=agency_id, source=f"tủ cũ {mark}.zip", source_key="x", started_at=BEGINNING
    )
    ChangeRequest.objects.create(
        **own, wish="change", reason=f"Đổi biểu mẫu {mark}", asked_by=person, asked_at=BEGINNING
    )
    Review.objects.create(**own, revision=version, due_on=DAY, opened_at=BEGINNING)
    PaperCopy.objects.create(
        **own, revision=version, number=1, holder=f"Tủ {mark}", given_by=person, given_on=DAY
    )
    Inquiry.objects.create(
        **own, revision=version, asked_by=person, asked_at=BEGINNING, text=f"Ai nộp? {mark}",
        asked_of=admin,
    )  # fmt: skip
    Recipient.objects.create(**own, target="everyone", key="*", added_by=person, added_at=BEGINNING)
    Question.objects.create(
        revision=version, position=1, text=f"Ai ký? {mark}", options=["A", "B"], right=0
    )
    FilledForm.objects.create(
        **own, revision=version, title=f"Biểu mẫu {mark}", values={}, filled_by=person,
        file=StoredFile.objects.filter(agency_id=agency_id).first(), filled_at=BEGINNING,
    )  # fmt: skip
    source = FedSource.objects.create(
        agency_id=agency_id, name=f"Một cửa {mark}", way="api", key_id=f"k{agency_id}",
        key_hash="0" * 64, created_at=BEGINNING,
    )  # fmt: skip
    FedWording.objects.create(
        agency_id=agency_id, source_id=source.pk, tthc_id=0, folded="trinh ky", text="Trình ký",
        reason="Cách ghi của một cửa", changed_at=BEGINNING,
    )  # fmt: skip
    for number in (1, 2):
        FormEdition.objects.create(
            agency_id=agency_id, form="05", name=f"Mẫu riêng {mark}", legal_number="x",
            legal_key="X", since=DAY, layout=LAYOUT, made_at=BEGINNING, mark=str(number),
            digest=hashlib.sha256(LAYOUT.encode()).hexdigest(),
        )  # fmt: skip
    SigningRoom.objects.create(
        agency_id=agency_id, revision=version, person=admin, begun_at=BEGINNING,
        key_hash=hashlib.sha256(room_key(agency_id).encode()).hexdigest(), before_hash="0" * 64,
        ends_at=BEGINNING + timedelta(days=36500), digest="0" * 64, start=1, end=2, field="x",
        prepared=StoredFile.objects.filter(agency_id=agency_id).first(),
    )  # fmt: skip
    step = RouteStep.objects.create(revision=version, position=1, part="consult")
    RoutePerson.objects.create(step=step, person=person)


def room_key(agency_id: int) -> str:
    """Return the one-time key of the agency's room for a signature from outside."""
    return f"phien-ky-{agency_id}"


def edition(agency_id: int) -> int:
    """Return the edition before of the agency's first record, written when first asked."""
    record = Record.objects.filter(agency_id=agency_id).first()
    values = {"stored_file_id": record.stored_file_id, "replaced_at": BEGINNING, "reason": "ký số"}
    made, _ = RecordEdition.objects.get_or_create(record=record, position=1, defaults=values)
    return made.position


def model(agency_id: int) -> ModelProcedure:
    """Return a model that the agency holds out to nobody else, followed by itself."""
    version = procedure_revision(agency_id)
    found = ModelProcedure.objects.filter(agency_id=agency_id).first()
    if found is not None:
        return found
    person = Person.objects.filter(agency_id=agency_id).earliest("pk")
    procedure = Definition.objects.get(revision=version).procedure
    made = ModelProcedure.objects.create(
        agency_id=agency_id, source_agency_id=agency_id, procedure=procedure, province_id=0,
        code="QT-01", title="Mẫu riêng", folded="mau rieng", audience="all",
    )  # fmt: skip
    ModelEdition.objects.create(
        model=made, number=1, revision=version, content_hash="0" * 64, published_by=person,
        published_at=BEGINNING,
    )  # fmt: skip
    Adoption.objects.create(
        agency_id=agency_id, model=made, procedure=procedure, revision=version, number=1,
        adopted_by=person, adopted_at=BEGINNING,
    )  # fmt: skip
    return made


def procedure_revision(agency_id: int) -> Revision:
    """Return a revision of a procedure of the agency that is in force."""
    found = Definition.objects.filter(agency_id=agency_id, revision__state="in_force")
    return found.earliest("pk").revision


# Every argument of an address of the library, and how to find one of an agency's own.
IDS = {
    "model_id": lambda agency: model(agency).pk,
    "adoption_id": lambda agency: Adoption.objects.get(model=model(agency)).pk,
    "document_id": lambda agency: document(agency).pk,
    "edition": edition,
    "old_id": lambda agency: revision(agency).pk,
    "new_id": lambda agency: revision(agency).pk,
    "view_id": lambda agency: SavedView.objects.get(agency_id=agency).pk,
    "batch_id": lambda agency: ImportBatch.objects.get(agency_id=agency).pk,
    "request_id": lambda agency: ChangeRequest.objects.get(agency_id=agency).pk,
    "review_id": lambda agency: Review.objects.get(agency_id=agency).pk,
    "copy_id": lambda agency: PaperCopy.objects.get(agency_id=agency).pk,
    "recipient_id": lambda agency: Recipient.objects.get(agency_id=agency).pk,
    "filled_id": lambda agency: FilledForm.objects.get(agency_id=agency).pk,
    "room_key": room_key,
    "inquiry_id": lambda agency: Inquiry.objects.get(agency_id=agency).pk,
    "question_id": lambda agency: Question.objects.get(revision__agency_id=agency).pk,
    "source_id": lambda agency: FedSource.objects.get(agency_id=agency).pk,
    "edition_id": lambda agency: FormEdition.objects.get(agency_id=agency, mark="1").pk,
    "other_edition_id": lambda agency: FormEdition.objects.get(agency_id=agency, mark="2").pk,
    "given_id": lambda agency: GivenPaper.objects.filter(agency_id=agency).earliest("pk").pk,
    "wording_id": lambda agency: FedWording.objects.get(agency_id=agency, source_id__gt=0).pk,
    "asked_id": lambda agency: RoutePerson.objects.get(step__revision__agency_id=agency).pk,
}

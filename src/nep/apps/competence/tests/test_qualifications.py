import html
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.competence import queries, services
from nep.apps.competence.models import Qualification
from nep.apps.competence.rules import qualifications as rules
from nep.apps.organization.tests.scene import NOW
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

TODAY = NOW.date()
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def certificate(agency, *, of: str = "lan", by: str = "thu", **change) -> int:
    values = {
        "person_id": agency.people[of], "kind": "auditor", "given_on": date(2025, 3, 10),
        "course": "Đánh giá nội bộ ISO 9001:2015", "given_by": "Chi cục Tiêu chuẩn Đo lường",
        "valid_until": date(2028, 3, 10),
    }  # fmt: skip
    return services.qualification_add(
        actor=agency.actor(by), values=services.QualificationValues(**{**values, **change}), now=NOW
    )


@given(days, st.one_of(st.none(), days), st.one_of(st.none(), days), days)
def test_a_certificate_holds_from_its_day_to_its_last_one(given_on, until, ended, on):
    span = rules.Span("auditor", given_on, until, ended)

    within = given_on <= on and (until is None or on <= until) and (ended is None or on < ended)
    assert rules.holds(span, on=on) == within
    assert (rules.state_of(span, today=on)[1] in {"ok", "sap"}) == within


@pytest.mark.django_db
def test_only_people_with_a_certificate_of_that_day_may_audit(agency):
    certificate(agency)
    certificate(agency, of="huy", valid_until=TODAY - timedelta(days=1))
    certificate(agency, of="toan", kind="lead", valid_until=None)
    certificate(agency, of="toan", course="Đánh giá nội bộ cơ bản")
    certificate(agency, of="tuan", kind="other", course="Nghiệp vụ một cửa")

    today = queries.qualified_auditors(agency_id=agency.agency_id, on=TODAY)
    before = queries.qualified_auditors(agency_id=agency.agency_id, on=date(2025, 3, 9))
    later = queries.qualified_auditors(agency_id=agency.agency_id, on=date(2028, 3, 11))

    assert [(one.person_id, one.is_lead) for one in today] == [
        (agency.people["lan"], False), (agency.people["toan"], True)
    ] or [one.person_id for one in today] == [agency.people["toan"], agency.people["lan"]]  # fmt: skip
    assert before == ()
    assert [one.person_id for one in later] == [agency.people["toan"]]


@pytest.mark.django_db
def test_a_certificate_taken_out_of_use_counts_no_more(agency):
    kept = certificate(agency)
    services.qualification_end(
        actor=agency.actor("thu"), qualification_id=kept, reason="Chuyển công tác.", now=NOW
    )

    assert queries.qualified_auditors(agency_id=agency.agency_id, on=TODAY) == ()
    assert [one.action for one in JournalEntry.objects.filter(object_type="qualification")] == [
        "qualification.add", "qualification.end"
    ]  # fmt: skip
    with pytest.raises(Refusal) as refused:
        services.qualification_end(
            actor=agency.actor("thu"), qualification_id=kept, reason="Lần nữa.", now=NOW
        )
    assert refused.value.code == "ended_before"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"course": "x"}, "course_missing"),
        ({"given_by": ""}, "giver_missing"),
        ({"given_on": TODAY + timedelta(days=1), "valid_until": None}, "given_later"),
        ({"valid_until": date(2025, 3, 9)}, "period_reversed"),
        ({"kind": "doctor"}, "kind_unknown"),
        ({"person_id": 7}, "person_unknown"),
    ],
)
def test_what_a_certificate_needs(agency, change, code):
    with pytest.raises(Refusal) as refused:
        certificate(agency, **change)

    assert refused.value.code == code
    assert not Qualification.objects.exists()


@pytest.mark.django_db
def test_officers_and_other_agencies_enter_and_end_nothing(agency, other_agency):
    kept = certificate(agency)
    with pytest.raises(Forbidden):
        certificate(agency, by="lan")
    other_agency.person("thu2", "Thư Ký Khác", ("PKH", "iso_secretary", ""))
    with pytest.raises(NotFound):
        services.qualification_end(
            actor=other_agency.actor("thu2"), qualification_id=kept, reason="Thử xem.", now=NOW
        )


@pytest.mark.django_db
def test_the_page_enters_and_ends_a_certificate(agency, client, django_assert_max_num_queries):
    agency.sign_in(client, "thu")
    file = io.BytesIO(b"%PDF-1.4")
    file.name = "chung-chi.pdf"
    place = reverse("competence:qualification_add")
    told = {"person": agency.people["huy"], "kind": "lead", "course": "Trưởng đoàn đánh giá",
            "given_by": "Viện Tiêu chuẩn", "given_on": "10/03/2025", "number": ""}  # fmt: skip
    bad = client.post(place, {**told, "valid_until": "01/01/2020"})
    client.post(place, {**told, "valid_until": "", "file": file})
    with django_assert_max_num_queries(15):
        page = html.unescape(client.get(reverse("competence:auditors")).content.decode())
    kept = Qualification.objects.get()
    ended = reverse("competence:qualification_end", args=[kept.pk])
    client.post(ended, {"reason": "Nghỉ hưu từ tháng này."})

    assert bad.status_code == 422
    assert "phải từ ngày cấp trở đi" in html.unescape(bad.content.decode())
    assert "1 người đủ năng lực đánh giá nội bộ" in page
    assert "không hạn" in page
    picture = client.get(reverse("competence:qualification_file", args=[kept.pk]))
    assert picture.content == b"%PDF-1.4"
    assert "Chưa ai có chứng chỉ" in client.get(reverse("competence:auditors")).content.decode()

"""The pages of models, as a secretary and as a publisher meet them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.adoption.models import Adoption
from nep.apps.adoption.tests.scene import LATER
from nep.apps.procedures.tests.scene import bring_into_force


def page(name: str, *args, **asked) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"adoption:{name}", args=args) + (f"?{query}" if query else "")


@pytest.fixture
def giver(pair, client):
    pair.giver.sign_in(client, "thu")
    return client


@pytest.fixture
def taker(pair, client):
    pair.taker.sign_in(client, "thu2")
    return client


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_publisher_holds_out_a_procedure_and_sees_who_follows(pair, giver):
    listed = text(giver.get(page("publish")))
    assert "Làm mẫu" in listed
    form = page("publish", **{"co-quan": pair.giver.agency_id, "ban": pair.source.revision_id})
    assert "Biểu mẫu có phần riêng" in text(giver.get(form))

    sent = giver.post(form, {
        "co-quan": pair.giver.agency_id, "ban": pair.source.revision_id,
        "audience": "departments", "open_limits": "on", "local_forms": ["Báo cáo"],
    })  # fmt: skip
    assert sent.status_code == 302
    assert "Chưa cơ quan nào áp dụng" in text(giver.get(sent["Location"]))
    assert "chưa cơ quan nào áp dụng" in text(giver.get(page("oversight")))


def test_a_secretary_adopts_with_one_tap_and_sees_the_mark_on_the_procedure(pair, taker):
    model_id = pair.publish()
    assert "Chưa áp dụng" in text(taker.get(page("library")))
    assert "Áp dụng mẫu này" in text(taker.get(page("model", model_id)))

    sent = taker.post(page("adopt", model_id), {"vai0": "MC/reception"})
    assert sent.status_code == 302
    assert "Theo mẫu của Sở Khoa học và Công nghệ, bản 1" in text(taker.get(sent["Location"]))


def test_the_source_of_a_model_is_not_asked_to_adopt_it(pair, giver):
    pair.publish()

    shown = text(giver.get(page("library")))

    assert "Mẫu lấy từ quy trình của cơ quan" in shown and 'name="mau"' not in shown
    assert "1 quy trình của cơ quan đang là mẫu, chưa có mẫu nào để áp dụng" in shown
    assert "Không thấy mẫu nào khớp" in text(giver.get(page("library", loc="free")))


def test_several_models_are_adopted_at_once(pair, taker):
    sent = taker.post(page("adopt_many"), {"mau": [pair.publish()]}, follow=True)

    assert "Đã áp dụng 1 mẫu" in text(sent)
    assert Adoption.objects.count() == 1


def test_drift_is_shown_in_words_and_answered(pair, taker):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    bring_into_force(pair.taker, made.revision_id, now=LATER)
    pair.change_model(model_id)

    assert "1 mẫu có bản mới chờ cơ quan trả lời" in text(taker.get(page("library")))
    shown = text(taker.get(page("adoption", made.adoption_id)))
    assert "Thẩm định cần thêm một ngày" in shown and "từ “2 ngày làm việc”" in shown
    refused = taker.post(page("decline", made.adoption_id), {"reason": "không"})
    assert refused.status_code == 422
    reason = {"reason": "Chưa đủ người thẩm định"}
    kept = text(taker.post(page("decline", made.adoption_id), reason, follow=True))
    assert (
        "Cơ quan giữ bản 1" in kept
        and 'name="reason"' in kept
        and "Giữ bản cũ</button>" not in kept
    )
    assert "1 trong 1 quy trình mẫu, không mẫu nào chờ" in text(taker.get(page("library")))
    sent = taker.post(page("accept", made.adoption_id))
    assert sent.status_code == 302 and "/quy-trinh/ban/" in sent["Location"]


def test_a_model_meant_for_others_and_an_adoption_of_others_are_not_found(pair, taker, giver):
    hidden = pair.publish(audience="communes")
    pair.taker.sign_in(taker, "thu2")
    assert taker.get(page("model", hidden)).status_code == 404
    assert taker.post(page("adopt", hidden)).status_code == 404
    assert taker.get(page("publish", **{"co-quan": pair.giver.agency_id})).status_code == 404


def test_an_adoption_of_another_agency_is_not_found(pair, giver):
    made = pair.adopt(pair.publish())

    for name in ("adoption", "accept", "decline", "leave"):
        assert giver.get(page(name, made.adoption_id)).status_code in {404, 405}
        assert giver.post(page(name, made.adoption_id), {"reason": "x" * 20}).status_code in {
            403, 404, 405,
        }  # fmt: skip


def test_the_lists_ask_a_constant_number_of_statements(pair, taker):
    pair.publish()

    def count(place: str) -> int:
        taker.get(place)
        with CaptureQueriesContext(connection) as asked:
            taker.get(place)
        return len(asked)

    assert count(page("library")) <= 16

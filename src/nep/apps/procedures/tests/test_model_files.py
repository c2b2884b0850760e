"""A model of others: judged on its drawing, taken over as a draft, the original kept."""

import base64
import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.drawn import editor_file, read_drawing
from nep.apps.procedures.rules.model_file import LARGEST, MOST_FLOWS, MOST_NODES, judged, taken_over
from nep.apps.procedures.services import _model_files
from nep.apps.procedures.tests.scene import tthc
from nep.bpmn import Instances, read_bpmn, write_bpmn
from nep.bpmn.markup import BPMN
from nep.foundation.files import queries as files
from nep.kernel.decisions import Refused
from nep.kernel.vietnamese import VN
from tests.bpmn.test_drawing_wide import asking

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{BPMN}" targetNamespace="x">
 <process id="p" name="Cấp giấy phép" isExecutable="true">
  <laneSet id="l"><lane id="l1" name="PKH/specialist"><flowNodeRef>t</flowNodeRef></lane>
   <lane id="l2" name="Phòng lạ"><flowNodeRef>k</flowNodeRef></lane></laneSet>
  <startEvent id="s" name="Có hồ sơ"/>
  <userTask id="t" name="Thẩm định"/>
  <exclusiveGateway id="x" name="Đạt?" default="f3"/>
  <userTask id="k" name="Ký"/>
  <endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <sequenceFlow id="f2" sourceRef="t" targetRef="x"/>
  <sequenceFlow id="f3" sourceRef="x" targetRef="k" name="Đạt"/>
  <sequenceFlow id="f4" sourceRef="x" targetRef="t" name="Chưa đạt"><conditionExpression>ket_qua
   = 'chưa'</conditionExpression></sequenceFlow>
  <sequenceFlow id="f5" sourceRef="k" targetRef="e"/>
  <textAnnotation id="n"><text>Xem kỹ &lt;b&gt;</text></textAnnotation>
 </process>
</definitions>""".encode()
BAD = GOOD.replace(b'<userTask id="k"', b'<scriptTask id="k"')
UNSOUND = GOOD.replace(b"exclusiveGateway", b"parallelGateway").replace(b' default="f3"', b"")
WIDE = GOOD.replace(
    b'<startEvent id="s" name="C\xc3\xb3 h\xe1\xbb\x93 s\xc6\xa1"/>',
    b'<startEvent id="s" name="N\xe1\xbb\x99p"><messageEventDefinition/></startEvent>',
)


@pytest.fixture(autouse=True)
def at_the_time(time_machine):
    time_machine.move_to(NOW, tick=False)


def upload(client, data: bytes, name: str = "mau.bpmn"):
    file = SimpleUploadedFile(name, data, "application/xml")
    return client.post(reverse("procedures:model_check"), {"file": file})


def test_a_refused_model_shows_reason_line_and_place_on_the_drawing(agency, client):
    agency.sign_in(client, "lan")
    page = upload(client, BAD)
    body = page.content.decode()
    assert page.status_code == 200 and "Mô hình chưa nhận được: 1 chỗ phải sửa" in body
    assert "“Ký” là bước chạy mã lệnh" in body and 'href="#hinh-1"' in body
    assert re.search(r'class="bp-task bp-err" data-node="k" id="hinh-1"', body)
    assert (
        f'<td class="n num nw" data-l="Dòng">{BAD[: BAD.index(b"<scriptTask")].count(10) + 1}'
        in body
    )
    assert "Lập bản thảo" not in body
    assert not Definition.objects.exists()


def test_the_failing_path_of_an_unsound_model_is_said_and_marked(agency, client):
    agency.sign_in(client, "lan")
    body = upload(client, UNSOUND).content.decode()
    assert "Đường đi tới lỗi" in body and "bp-flow bp-path" in body.replace("bp-flow--back ", "")
    assert body.count('class="chip"') >= 3


def test_an_accepted_model_becomes_a_draft_and_the_file_stays_with_it(agency, client):
    agency.sign_in(client, "lan")
    body = upload(client, GOOD).content.decode()
    assert "Mô hình chạy được" in body
    kept = re.search(r'name="model" value="([^"]+)"', body).group(1)
    assert base64.b64decode(kept) == GOOD
    about = tthc(agency)
    answer = client.post(
        reverse("procedures:model_import"),
        {"model": kept, "file_name": "mau.bpmn", "tthc": about, "code": "", "title": "",
         "variant": ""},
        follow=True,
    )  # fmt: skip
    assert "Đã lập bản thảo từ mô hình. Giữ bên cạnh bảng: ghi chú tự do" in answer.content.decode()
    revision = Definition.objects.get().revision_id
    page = queries.procedure_page(revision_id=revision, agency_id=agency.agency_id)
    steps = page.draft.table.steps
    assert [(s.name, s.role, s.fact("responsible")) for s in steps] == [
        ("Thẩm định", "PKH/specialist", ""), ("Ký", "", "Phòng lạ"),
    ]  # fmt: skip
    assert [(b.name, b.condition) for b in steps[0].branches] == [("Chưa đạt", "ket_qua = 'chưa'")]
    assert files.read(page.revision.original_file_id) == GOOD
    out = client.get(reverse("procedures:bpmn", args=[revision]))
    assert out["Content-Type"] == "application/xml" and b"BPMNDiagram" in out.content


def test_waits_and_sub_processes_are_taken_over_and_every_page_of_the_draft_opens(agency, client):
    agency.sign_in(client, "lan")
    data = write_bpmn(asking())
    body = upload(client, data).content.decode()
    kept = re.search(r'name="model" value="([^"]+)"', body).group(1)
    form = {"model": kept, "file_name": "x.bpmn", "tthc": tthc(agency)}
    answer = client.post(reverse("procedures:model_import"), form)
    revision = Definition.objects.get().revision_id
    assert answer.status_code == 302
    for name in ("revision", "diagram", "simulation", "paper", "lanes"):
        assert client.get(reverse(f"procedures:{name}", args=[revision])).status_code == 200, name
    page = queries.procedure_page(revision_id=revision, agency_id=agency.agency_id)
    said = {(n.kind, n.name, n.trigger, n.cancels, n.called) for n in page.draft.process.nodes}
    assert said == {(n.kind, n.name, n.trigger, n.cancels, n.called) for n in asking().nodes}
    out = client.get(reverse("procedures:bpmn", args=[revision])).content
    assert {(n.kind, n.trigger) for n in read_bpmn(out).process.nodes} == {
        (n.kind, n.trigger) for n in asking().nodes
    }


def test_a_message_without_a_name_is_told_and_what_says_too_much_is_refused(agency, client):
    agency.sign_in(client, "lan")
    body = upload(client, WIDE).content.decode()
    assert "Mô hình chạy được" in body and "không có tên trong tệp, được gọi là “Nộp”" in body
    long = WIDE.replace("Nộp".encode(), b"N" * 500)
    found = taken_over(long, process_id="q", roles={})
    assert isinstance(found, Refused) and "quá dài" in found.message


def test_files_that_are_none_and_too_large_ones_get_a_sentence(agency, client):
    agency.sign_in(client, "lan")
    empty = client.post(reverse("procedures:model_check"), {})
    assert empty.status_code == 422 and "Hãy chọn tệp mô hình" in empty.content.decode()
    for data in (b"", b"PK\x03\x04", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"<x/>"):
        page = upload(client, data)
        assert page.status_code == 200 and "Mô hình chưa nhận được" in page.content.decode()
    large = upload(client, GOOD + b" " * LARGEST)
    assert large.status_code == 422 and "lớn hơn 1 MB" in large.content.decode()
    many = b"".join(b'<userTask id="u%d"/>' % n for n in range(MOST_NODES))
    wide = judged(GOOD.replace(b"<endEvent", many + b"<endEvent"), file="x")
    assert isinstance(wide, Refused) and wide.code == "model_large"
    flows = b"".join(
        b'<sequenceFlow id="m%d" sourceRef="t" targetRef="k"/>' % n for n in range(MOST_FLOWS)
    )
    dense = GOOD.replace(b"<textAnnotation", flows + b"<textAnnotation")
    for found in (judged(dense, file="x"), taken_over(dense, process_id="q", roles={})):
        assert isinstance(found, Refused) and found.code == "model_large"
    broken = client.post(reverse("procedures:model_import"), {"model": "%%%"})
    assert broken.status_code == 200 or broken.status_code == 422


def test_one_who_only_looks_may_check_but_not_take_over(agency, client):
    agency.sign_in(client, "tuan")
    body = upload(client, GOOD).content.decode()
    assert "Mô hình chạy được" in body and "Lập bản thảo" not in body
    form = {"model": base64.b64encode(GOOD).decode(), "tthc": tthc(agency)}
    assert client.post(reverse("procedures:model_import"), form).status_code == 403


def test_a_step_that_asks_several_is_taken_over_and_survives_being_drawn():
    loop = (
        b'<userTask id="t" name="H\xe1\xbb\x8fi"><multiInstanceLoopCharacteristics '
        b'isSequential="true"><loopDataInputRef>don_vi</loopDataInputRef>'
        b"</multiInstanceLoopCharacteristics></userTask><userTask id="
    )
    data = re.sub(rb'<userTask id="t"[^>]*/>', b"", GOOD, count=1)
    found = taken_over(data.replace(b"<userTask id=", loop, 1), process_id="q", roles={})
    asked = next(step for step in found.table.steps if step.instances)
    assert asked.instances == Instances(over="don_vi", sequential=True)
    drawn = editor_file(found.table, names={}, places={}, title="x")
    again = read_drawing(drawn, table=found.table, places={})
    assert again.table == found.table


def test_a_model_of_the_material_is_taken_over_as_it_runs(real_data):
    data = (real_data / "bpmn_miwg/C.1.1.bpmn").read_bytes()
    found = taken_over(data, process_id="qt-1", roles={})
    names = [" ".join(step.name.split()) for step in found.table.steps]
    assert names[:2] == ["Assign Approver", "Approve Invoice"] and len(names) == 5
    assert found.kept


@pytest.mark.django_db
def test_a_model_is_read_with_the_roles_of_the_vietnamese_day(agency, monkeypatch):
    days = []
    monkeypatch.setattr(
        _model_files, "role_options", lambda *, agency_id, today: days.append(today) or ()
    )
    early = datetime(2026, 12, 11, 6, 30, tzinfo=VN).astimezone(UTC)
    services.model_import(
        actor=agency.actor("lan"), tthc_id=tthc(agency), file="mau.bpmn", data=GOOD, now=early
    )

    assert days == [date(2026, 12, 11)]

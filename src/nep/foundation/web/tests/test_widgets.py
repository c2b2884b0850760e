"""Fields drawn as text are what Django's own templates draw, but for blank lines."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from nep.foundation.web.templatetags import nep
from nep.foundation.web.widgets import FormRenderer

HOSTILE = """a"b'<c>&đ"""


class Sample(forms.Form):
    name = forms.CharField(label=_("Tên"), max_length=60, help_text=HOSTILE)
    code = forms.CharField(label=HOSTILE, required=False)
    email = forms.EmailField(required=False)
    count = forms.IntegerField(min_value=1, max_value=9)
    secret = forms.CharField(widget=forms.PasswordInput(attrs={"autofocus": True}))
    key = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": HOSTILE, "x": False}))
    kind = forms.ChoiceField(choices=[("a", HOSTILE), ("b", _("Tên")), ("N", [("c", "C")])])
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    ways = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label=_("Tên"), required=False)
    day = forms.DateField(required=False)
    file = forms.FileField(required=False)


FORMS = [
    {},
    {"initial": {"name": HOSTILE, "text": HOSTILE, "kind": "c", "count": 3, "sure": True}},
    {"data": {"name": HOSTILE * 20, "text": "", "kind": HOSTILE, "many": ["a", "b"], "day": "x"}},
    {"data": {"name": "x", "text": HOSTILE, "kind": "b", "sure": "on"}, "auto_id": "q_%s"},
]


@pytest.mark.parametrize("values", FORMS)
def test_widgets_are_drawn_as_their_templates_draw_them(values):
    ours, djangos = (Sample(**values, renderer=one) for one in (FormRenderer(), DjangoTemplates()))

    for name in Sample.base_fields:
        drawn, wanted = (
            re.sub(r"\n\s*\n", "\n", str(one[name])).strip() for one in (ours, djangos)
        )
        assert drawn == wanted, name


def test_a_field_has_its_label_its_fault_or_its_hint():
    fresh, wrong = Sample(), Sample(data={"name": "", "count": "12", "sure": "on"})

    hinted = nep.field(fresh["name"])
    assert '<label class="lb" for="id_name">Tên</label>' in hinted
    assert 'aria-describedby="id_name_ghi-chu"' in hinted
    assert '<p class="hint" id="id_name_ghi-chu">a&quot;b&#x27;&lt;c&gt;&amp;đ</p></div>' in hinted
    plain = nep.field(fresh["code"])
    assert "<small>(không bắt buộc)</small>" in plain and "aria-describedby" not in plain
    assert HOSTILE not in plain
    faulty = nep.field(wrong["count"])
    assert 'aria-invalid="true"' in faulty and '<p class="err" id="id_count_ghi-chu">' in faulty
    assert nep.field(fresh["ways"]).startswith('<fieldset class="field "><legend class="lb">')
    assert '<label class="ck"><input type="checkbox"' in nep.field(fresh["sure"], css="x")
    known = nep.field(fresh["name"], source="CSDL dân cư")
    assert " readonly" in known and "CSDL dân cư</p>" in known


def test_what_is_wrong_with_a_whole_form_is_said_and_escaped():
    form = Sample(data={})
    assert nep.form_errors(form) == ""
    form.add_error(None, HOSTILE)
    said = nep.form_errors(form)
    assert 'role="alert"' in said and "<p>a&quot;b&#x27;&lt;c&gt;&amp;đ</p>" in said

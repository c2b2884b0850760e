"""Forms read dates and numbers the Vietnamese way, not Django's fallback."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from nep.apps.procedures.forms import AmountField


class Sheet(forms.Form):
    """One date and one number."""

    on = forms.DateField()
    amount = forms.DecimalField(localize=True)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("05/01/2026", date(2026, 1, 5)),
        ("25/12/2026", date(2026, 12, 25)),
        ("2026-01-05", date(2026, 1, 5)),
    ],
)
def test_the_fifth_of_january_is_read_as_written(typed, day):
    form = Sheet({"on": typed, "amount": "1234,5"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"on": day, "amount": Decimal("1234.5")}


def test_an_american_date_is_refused():
    assert not Sheet({"on": "12/25/2026", "amount": "1"}).is_valid()


@pytest.mark.parametrize(("typed", "number"), [("1.234,5", "1234.5"), ("2,5", "2.5"), ("12", "12")])
def test_amounts_are_read_with_points_between_thousands(typed, number):
    class Amount(forms.Form):
        amount = AmountField()

    form = Amount({"amount": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal(number)

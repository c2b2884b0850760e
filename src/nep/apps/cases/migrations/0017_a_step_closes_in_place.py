"""A step keeps its token in the index when it closes, so that PostgreSQL writes no index then.

Only what was taken back gives its token away: it is negated, the marking gives it out again.
"""

from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.expressions import CombinedExpression

TAKEN_BACK = ("recalled", "taken_back")


def give_away(apps, schema_editor):
    """Negate the tokens of runs that were taken back."""
    runs = apps.get_model("cases", "StepRun").objects.using(schema_editor.connection.alias)
    runs.filter(outcome__in=TAKEN_BACK, token__gt=0).update(token=-F("token"))


def take_again(apps, schema_editor):
    """Let them have the tokens they had."""
    runs = apps.get_model("cases", "StepRun").objects.using(schema_editor.connection.alias)
    runs.filter(token__lt=0).update(token=-F("token"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_room_for_updates")]

    operations = [
        migrations.RemoveConstraint(model_name="steprun", name="cases_run_one_per_token"),
        migrations.RunPython(give_away, take_again),
        migrations.AddConstraint(
            model_name="steprun",
            constraint=models.UniqueConstraint(
                F("case"),
                Case(
                    When(token__gt=0, then=CombinedExpression(F("token"), "*", Value(-1))),
                    default=F("id"),
                    output_field=models.BigIntegerField(),
                ),
                name="cases_run_one_per_token",
            ),
        ),
    ]

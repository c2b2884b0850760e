"""One index holds what two did: an open step has its token for itself, a case finds its steps."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_blackened_words'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='steprun',
            name='cases_run_one_per_token',
        ),
        migrations.RemoveIndex(
            model_name='steprun',
            name='cases_run_order',
        ),
        migrations.AddConstraint(
            model_name='steprun',
            constraint=models.UniqueConstraint(models.F('case'), models.Case(models.When(closed_at=None, then=django.db.models.expressions.CombinedExpression(models.F('token'), '*', models.Value(-1)), token__gt=0), default=models.F('id'), output_field=models.BigIntegerField()), name='cases_run_one_per_token'),
        ),
    ]

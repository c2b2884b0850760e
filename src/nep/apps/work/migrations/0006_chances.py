from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0005_new_items_are_uncounted"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency_id", models.BigIntegerField()),
                ("source_type", models.CharField(max_length=30)),
                ("source_id", models.BigIntegerField()),
                ("mark", models.IntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField()),
                ("percent", models.SmallIntegerField(null=True)),
                ("after", models.SmallIntegerField(null=True)),
                ("middle", models.IntegerField(default=0)),
                ("high", models.IntegerField(default=0)),
                ("why", models.CharField(max_length=300)),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency_id", "due_at"], name="work_chance_by_due"),
                    models.Index(fields=["told_at"], name="work_chance_oldest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_type", "source_id"), name="work_one_chance_a_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent", None),
                            models.Q(("percent__gte", 0), ("percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="work_chance_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency_id", models.BigIntegerField()),
                ("source_type", models.CharField(max_length=30)),
                ("state", models.CharField(max_length=4)),
                ("body", models.JSONField(default=dict)),
                ("cases", models.IntegerField()),
                ("tested", models.IntegerField(default=0)),
                ("brier", models.FloatField(null=True)),
                ("base", models.FloatField(null=True)),
                ("fitted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency_id", "source_type"), name="work_one_forecast_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["thin", "weak", "good"])),
                        name="work_forecast_state",
                    ),
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0004_count_open_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="workitem",
            name="stale",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("stale", True)), fields=["agency_id"], name="work_uncounted"
            ),
        ),
    ]

"""Find what an agency answered in a period without reading all its joint work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_who_did_the_step"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="jointstep",
            index=models.Index(
                condition=models.Q(("state", "answered")),
                fields=["agency", "closed_at"],
                name="cases_joint_answered",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0007_room_for_updates"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="given",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="assignment",
            name="undo_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="undo_kept",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="assignment",
            name="undo_left",
            field=models.IntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undo_left", 0),
                    models.Q(("undo_at__isnull", False), ("undo_left__gt", 0)),
                    _connector="OR",
                ),
                name="work_assignment_undo",
            ),
        ),
    ]

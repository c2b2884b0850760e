"""Minutes of a hand-over made by mistake are cancelled with a reason; its files may go again."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0005_editions_of_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="transfer",
            name="cancelled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="organization.person",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="cancelled_reason",
            field=models.CharField(blank=True, default="", max_length=600),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancelled_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancelled_reason=""),
                name="records_transfer_cancelled_for_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="transferline",
            name="is_live",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="transferline",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="transfer_lines",
                to="records.recordfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(
                condition=Q(is_live=True), fields=("file",), name="records_one_live_transfer"
            ),
        ),
    ]

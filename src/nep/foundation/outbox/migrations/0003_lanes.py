from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_only_keyed_rows_meet'),
    ]

    operations = [
        migrations.AddField(
            model_name='queuerow',
            name='lane',
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.RemoveIndex(
            model_name='queuerow',
            name='outbox_waiting',
        ),
        migrations.AddIndex(
            model_name='queuerow',
            index=models.Index(condition=models.Q(('state', 0)), fields=['lane', 'run_at', 'id'], name='outbox_waiting_by_lane'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('improvement', '0002_feedback_and_surveys'),
        ('organization', '0003_agency_abbreviation'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedbackLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('accept', models.SmallIntegerField()),
                ('answer', models.SmallIntegerField()),
                ('unit', models.CharField(max_length=10)),
                ('source', models.CharField(max_length=400)),
                ('changed_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind'), name='improvement_one_feedback_limit'), models.CheckConstraint(condition=models.Q(('accept__gte', 0), ('answer__gte', 1), ('answer__lte', 365), ('answer__gte', models.F('accept'))), name='improvement_feedback_limit_bounds'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), ('unit__in', ['working', 'calendar'])), name='improvement_feedback_limit_grounded')],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0001_squashed_0002_absences'),
    ]

    operations = [
        migrations.AddField(
            model_name='agency',
            name='abbreviation',
            field=models.CharField(default='', max_length=20),
        ),
    ]

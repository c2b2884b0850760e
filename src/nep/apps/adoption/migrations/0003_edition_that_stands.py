from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adoption", "0002_adopted_forms")]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="standing",
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0005_saved_views_and_bulk_runs")]
    operations = [
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["turn_area", "turn_person"], name="thread_by_turn"),
        ),
    ]

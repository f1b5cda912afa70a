from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.RemoveIndex(model_name="ledgerevent", name="ledger_by_thread"),
        migrations.AddIndex(
            model_name="ledgerevent",
            index=models.Index(fields=["thread_id", "-occurred_at", "-id", "kind"], name="ledger_by_thread"),
        ),
    ]

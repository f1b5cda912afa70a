from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Apart from the filling: PostgreSQL alters no table that has changed rows in the same transaction."""

    dependencies = [("work", "0007_bounces_offered_again")]
    operations = [
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                fields=["thread"],
                condition=Q(kind="border", ended_as="returned", offered_again_at__isnull=True),
                name="span_bounced",
            ),
        ),
        migrations.AddConstraint(
            model_name="span",
            constraint=models.CheckConstraint(
                condition=Q(offered_again_at__isnull=True)
                | Q(kind="border", ended_as="returned", offered_again_at__gt=F("opened_at")),
                name="only_what_came_back_is_offered_again",
            ),
        ),
    ]

from typing import Any

from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    span = apps.get_model("work", "Span")
    later = (
        span.objects.filter(
            kind="border",
            thread=OuterRef("thread"),
            from_area=OuterRef("from_area"),
            area=OuterRef("area"),
            opened_at__gt=OuterRef("opened_at"),
        )
        .order_by()
        .values("thread")
        .annotate(first=Min("opened_at"))
        .values("first")
    )
    returned = span.objects.filter(kind="border", ended_as="returned")
    returned.update(offered_again_at=Subquery(later))


class Migration(migrations.Migration):
    dependencies = [("work", "0006_turn_of_an_area")]
    operations = [
        migrations.AddField(
            model_name="span",
            name="offered_again_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="span", name="span_returned"),
    ]

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("quality", "0002_first_policy_and_causes"),)
    operations = (
        migrations.AddField(
            model_name="clockrun",
            name="deadline",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="quality.legaldeadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clock", "legal"), ("deadline__isnull", False)),
                    models.Q(models.Q(("clock", "legal"), _negated=True), ("deadline__isnull", True)),
                    _connector="OR",
                ),
                name="legal_clock_has_its_deadline",
            ),
        ),
    )

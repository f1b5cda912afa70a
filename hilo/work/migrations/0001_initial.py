import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0001_initial"),
        ("parties", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Numbering",
            fields=[
                ("series", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ProcessTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_account", "New account"),
                            ("supply", "Supply"),
                            ("first_of_kind", "First of its kind"),
                            ("service", "Service contract"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=20,
                    ),
                ),
                ("runs_per_order", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "purpose",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what the customer gains by it"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_account", "New account"),
                            ("supply", "Supply"),
                            ("first_of_kind", "First of its kind"),
                            ("service", "Service contract"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("normal", "Normal"), ("high", "High"), ("urgent", "Urgent")],
                        default="normal",
                        max_length=6,
                        verbose_name="priority",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused"), ("archived", "Archived")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("is_caretaken", models.BooleanField(default=False)),
                ("is_confidential", models.BooleanField(default=False)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount"
                    ),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("opened_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("next_news_at", models.DateTimeField(blank=True, null=True)),
                ("next_kind", models.CharField(blank=True, max_length=30)),
                ("next_type", models.CharField(blank=True, max_length=40)),
                ("next_id", models.BigIntegerField(blank=True, null=True)),
                ("next_label", models.CharField(blank=True, max_length=300)),
                ("next_due", models.DateTimeField(blank=True, null=True)),
                (
                    "turn_of",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("area", "an area of ours"),
                            ("customer", "the customer"),
                            ("supplier", "a supplier"),
                            ("nobody", "nobody: it is paused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("turn_waits", models.BooleanField(default=False)),
                ("reserve_minutes", models.PositiveIntegerField(default=0)),
                ("reserve_justification", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="parties.customer",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="parties.delegation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_threads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "turn_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.area",
                    ),
                ),
                (
                    "turn_contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                    ),
                ),
                (
                    "turn_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "next_due"], name="thread_by_next_due"),
                    models.Index(fields=["state", "next_news_at"], name="thread_by_news"),
                    models.Index(fields=["owner", "state"], name="thread_by_owner"),
                    models.Index(fields=["customer", "state"], name="thread_by_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "archived"),
                            models.Q(
                                ("next_due__isnull", False),
                                ("next_news_at__isnull", False),
                                models.Q(("next_kind", ""), _negated=True),
                                models.Q(("turn_of", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="open_thread_has_next_step_and_news",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_at__isnull", False), ("state", "archived")),
                            models.Q(
                                models.Q(("state", "archived"), _negated=True), ("archived_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="archived_thread_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reserve_minutes__gt", 0),
                            models.Q(("reserve_justification", ""), _negated=True),
                            ("kind", "supply"),
                            _connector="OR",
                        ),
                        name="no_reserve_needs_a_justification",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "supply"), ("year__isnull", False)),
                        fields=("customer", "year"),
                        name="one_supply_thread_per_customer_and_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="work.thread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=300, verbose_name="what is ordered")),
                ("customer_reference", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="work.thread"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "number"), name="order_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="work.processtemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="template_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("template",),
                        name="one_published_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReserveUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("used_at", models.DateTimeField()),
                (
                    "used_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserve_uses",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="reserve_use_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("stated_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="work.thread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("paused_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("woken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paused_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["woken_at", "until"], name="pause_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("woken_at__isnull", True)),
                        fields=("thread",),
                        name="one_pause_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("paused_at"))), name="pause_ends_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnershipTransfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="offered",
                        max_length=9,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("respond_by", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_comment", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "from_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered_threads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ownership_transfers",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["to_person", "state"], name="transfer_by_receiver")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("thread",),
                        name="one_open_transfer_per_thread",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Internal note"),
                            ("decision", "Decision"),
                            ("customer", "The customer says"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("", "—"), ("mail", "Mail"), ("call", "Call"), ("meeting", "Meeting")],
                        max_length=7,
                    ),
                ),
                ("text", models.TextField()),
                ("happened_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="work.thread"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "customer"), _negated=True),
                            ("contact__isnull", False),
                            _connector="OR",
                        ),
                        name="customer_note_says_who",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NewsMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("old", models.DateTimeField()),
                ("new", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                (
                    "moved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news_moves",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="news_move_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LooseEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("due_at", models.DateTimeField()),
                ("pinned_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loose_ends",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pinned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loose_ends",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "settled_at"], name="loose_end_by_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at__isnull", True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="settled_loose_end_says_how",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("two_promises", "Two promised dates"),
                            ("promise_plan", "The plan ends after the promised date"),
                            ("message_plan", "A message states another date than the plan"),
                            ("message_promise", "A message states another date than the promise"),
                        ],
                        max_length=15,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("one_type", models.CharField(max_length=40)),
                ("one_id", models.BigIntegerField()),
                ("one_date", models.DateTimeField()),
                ("other_type", models.CharField(max_length=40)),
                ("other_id", models.BigIntegerField()),
                ("other_date", models.DateTimeField()),
                ("found_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_how", models.CharField(blank=True, max_length=300)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradictions",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thread", "key"), name="contradiction_once")],
            },
        ),
        migrations.CreateModel(
            name="ClosingQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("suppressed", "Not asked, by rule"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("aim_reached", models.BooleanField(blank=True, null=True)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("comment", models.TextField(blank=True)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closing_questions",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), ("score__lte", 10), _connector="OR"),
                        name="score_up_to_ten",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("why", models.CharField(max_length=300)),
                ("due_at", models.DateTimeField()),
                ("counter_due", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("countered", "Another date proposed"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("done", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks_made",
                        to="parties.area",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks_received",
                        to="parties.area",
                    ),
                ),
                (
                    "to_delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.delegation"
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asks", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["to_area", "state", "due_at"], name="ask_by_receiver")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_ask_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "countered"), _negated=True),
                            ("counter_due__isnull", False),
                            _connector="OR",
                        ),
                        name="countered_ask_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AffectedGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("people", models.PositiveIntegerField(blank=True, null=True)),
                ("launch_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("told_by", models.CharField(blank=True, max_length=200)),
                ("trained_at", models.DateTimeField(blank=True, null=True)),
                ("trained_by", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affected_groups",
                        to="work.thread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ThreadReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readers", to="work.thread"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thread", "person"), name="reader_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadRelation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_from",
                        to="work.thread",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "other"), name="relation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("thread", models.F("other")), _negated=True),
                        name="related_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "Mail"),
                            ("call", "Call"),
                            ("meeting", "Meeting"),
                            ("visit", "Visit"),
                        ],
                        max_length=7,
                    ),
                ),
                ("text", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("next_news_at", models.DateTimeField()),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("none", "Not sent by Hilo"),
                            ("queued", "On its way"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent"),
                        ],
                        default="none",
                        max_length=6,
                    ),
                ),
                ("mail_sent_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("contacts", models.ManyToManyField(related_name="updates", to="parties.contact")),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["thread", "-said_at"], name="update_by_thread")],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_until", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="work.thread"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thread", "person"), name="visit_once")],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("file", models.FileField(upload_to="documents/%Y/%m/")),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="work.document",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="document_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300)),
                ("quantity", models.DecimalField(decimal_places=3, default=1, max_digits=12)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="work.order"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("order", "position"), name="order_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField()),
                ("answerable", models.CharField(blank=True, max_length=120, verbose_name="who answers")),
                ("consulted", models.JSONField(default=list)),
                ("informed", models.JSONField(default=list)),
                ("entry_checklist", models.JSONField(default=list)),
                ("exit_checklist", models.JSONField(default=list)),
                ("needs", models.JSONField(default=list)),
                ("target_minutes", models.PositiveIntegerField()),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("customer", "Value for the customer"),
                            ("ours", "Needed by us"),
                            ("waste", "Waste"),
                        ],
                        default="customer",
                        max_length=8,
                    ),
                ),
                ("touches_customer", models.BooleanField(default=False)),
                ("is_joint_look", models.BooleanField(default=False)),
                ("delivers", models.BooleanField(default=False)),
                (
                    "weight",
                    models.CharField(
                        choices=[("light", "Light"), ("full", "Full")], default="full", max_length=5
                    ),
                ),
                (
                    "finishes",
                    models.CharField(
                        choices=[
                            ("by_hand", "When its holder says so"),
                            ("on_date", "On the accepted date, unless somebody says otherwise"),
                        ],
                        default="by_hand",
                        max_length=7,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.area"
                    ),
                ),
                (
                    "template_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="work.templateversion",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("template_version", "key"), name="step_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("thread", "Thread"), ("order", "Order"), ("case", "Case")], max_length=6
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_item",
                        to="work.order",
                    ),
                ),
                (
                    "template_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="work.templateversion",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "thread")),
                        fields=("thread",),
                        name="one_work_item_per_thread",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "order"), ("order__isnull", False)),
                            models.Q(models.Q(("kind", "order"), _negated=True), ("order__isnull", True)),
                            _connector="OR",
                        ),
                        name="order_item_has_its_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approved_at", models.DateTimeField()),
                ("evidence", models.CharField(max_length=300)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.contact"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval",
                        to="work.documentversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deliverable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="what the customer receives")),
                ("criterion", models.CharField(blank=True, max_length=300, verbose_name="accepted if")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("delivered", "Delivered, not yet accepted"),
                            ("accepted", "Accepted by the customer"),
                            ("tacit", "Accepted tacitly"),
                            ("refused", "Refused by the customer"),
                            ("cancelled", "No longer wanted"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("planned_for", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                ("tacit_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliverables",
                        to="work.order",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="work.orderline",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliverables",
                        to="work.thread",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "tacit_at"], name="deliverable_tacit_due")],
            },
        ),
        migrations.CreateModel(
            name="StepLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_before",
                        to="work.step",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_after",
                        to="work.step",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("before", "after"), name="step_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="step_not_after_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("offered", "Offered"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("skipped", "Not needed"),
                        ],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("waits_for", models.CharField(blank=True, max_length=8)),
                ("waits_for_what", models.CharField(blank=True, max_length=200)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_runs",
                        to="parties.area",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_runs",
                        to="parties.delegation",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_step_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="work.step",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_runs",
                        to="work.thread",
                    ),
                ),
                (
                    "work_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_runs",
                        to="work.workitem",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "indexes": [
                    models.Index(fields=["holder", "state", "due_at"], name="step_run_by_holder"),
                    models.Index(fields=["thread", "state"], name="step_run_by_thread"),
                    models.Index(fields=["state", "due_at"], name="step_run_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            models.Q(
                                ("due_at__isnull", False),
                                ("holder__isnull", False),
                                ("started_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="running_step_has_holder_and_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "skipped"]), _negated=True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ended_step_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("offered", "Offered"),
                            ("conditional", "Accepted with conditions, to be confirmed"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=11,
                    ),
                ),
                (
                    "weight",
                    models.CharField(
                        choices=[("light", "Light"), ("full", "Full")], default="full", max_length=5
                    ),
                ),
                ("is_within_area", models.BooleanField(default=False)),
                ("ask", models.CharField(blank=True, max_length=500, verbose_name="what is asked")),
                ("proposed_due", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("offered_at", models.DateTimeField(blank=True, null=True)),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("respond_by", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("read_back", models.CharField(blank=True, max_length=500)),
                ("accepted_due", models.DateTimeField(blank=True, null=True)),
                ("conditions", models.CharField(blank=True, max_length=500)),
                (
                    "condition_hours",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True),
                ),
                (
                    "return_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gaps", "Something is missing"),
                            ("not_feasible", "It cannot be done like this"),
                            ("not_ours", "It is not ours"),
                            ("no_capacity", "We have no capacity by then"),
                        ],
                        max_length=12,
                    ),
                ),
                ("return_comment", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.area"
                    ),
                ),
                (
                    "from_delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.delegation"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_handoffs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming_handoffs",
                        to="parties.area",
                    ),
                ),
                (
                    "to_delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.delegation"
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming_handoffs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="work.steprun",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handoffs", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_area", "state", "respond_by"], name="handoff_by_receiver"),
                    models.Index(fields=["giver", "state"], name="handoff_by_giver"),
                    models.Index(fields=["state", "respond_by"], name="handoff_clock"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "offered", "conditional"])),
                        fields=("step_run",),
                        name="one_open_offer_per_step_run",
                    ),
                    models.UniqueConstraint(fields=("step_run", "attempt"), name="handoff_attempt_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            models.Q(("offered_at__isnull", False), ("respond_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="offer_has_its_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="return_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepRunLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_before",
                        to="work.steprun",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_after",
                        to="work.steprun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("before", "after"), name="step_run_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="step_run_not_after_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Span",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("border", "Waiting at a border"), ("work", "Working")], max_length=6
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                            ("done", "done"),
                            ("handed_on", "handed on"),
                            ("skipped", "not needed"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.area"
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.delegation"
                    ),
                ),
                (
                    "from_area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.area",
                    ),
                ),
                (
                    "step_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spans", to="work.steprun"
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spans", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["thread", "opened_at"], name="span_by_thread")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("step_run",),
                        name="one_open_span_per_step_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("ended_as", "")),
                            models.Q(
                                ("closed_at__gte", models.F("opened_at")),
                                models.Q(("ended_as", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closed_span_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "work"), ("from_area__isnull", False), _connector="OR"),
                        name="border_span_has_two_sides",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what the customer will get")),
                ("criterion", models.CharField(blank=True, max_length=300, verbose_name="kept if")),
                ("due_at", models.DateTimeField()),
                ("due_is_day", models.BooleanField(default=False)),
                ("first_due_at", models.DateTimeField()),
                (
                    "where",
                    models.CharField(
                        choices=[
                            ("proposal", "Proposal"),
                            ("mail", "Mail"),
                            ("meeting", "Meeting"),
                            ("call", "Call"),
                            ("portal", "Portal"),
                        ],
                        max_length=8,
                        verbose_name="where it was said",
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("kept_late", "Kept late"),
                            ("broken", "Broken"),
                            ("renegotiated", "Renegotiated"),
                            ("released", "Released by the customer"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("broken_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.area"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="parties.contact",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.delegation"
                    ),
                ),
                (
                    "deliverable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="work.deliverable",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="work.order",
                    ),
                ),
                (
                    "predecessor",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="work.promise",
                    ),
                ),
                (
                    "promised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="work.thread"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="promise_due"),
                    models.Index(fields=["thread", "state"], name="promise_by_thread"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["broken", "kept_late"]), _negated=True),
                            ("broken_at__isnull", False),
                            _connector="OR",
                        ),
                        name="broken_promise_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "broken"]), ("settled_at__isnull", False), _connector="OR"
                        ),
                        name="settled_promise_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("text", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("complete", "Complete"),
                            ("explained", "Explained"),
                        ],
                        default="missing",
                        max_length=9,
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=300)),
                ("prevents_start", models.BooleanField(default=False)),
                ("marked_missing_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="work.documentversion",
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="work.handoff"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("handoff", "key"), name="handoff_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "explained"), _negated=True),
                            models.Q(("explanation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="explained_item_says_why",
                    ),
                ],
            },
        ),
    ]

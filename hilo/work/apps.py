from importlib import import_module

from django.apps import AppConfig

# What registers itself when imported: next steps, what hangs, what is owed, holdings.
REGISTERING = (
    "commands.threads",
    "commands.ownership",
    "commands.pausing",
    "commands.archiving",
    "commands.conversation",
    "commands.promises",
    "commands.loose_ends",
    "commands.asks",
    "commands.templates",
    "commands.step_runs",
    "commands.handoffs",
    "commands.silence",
    "commands.successions",
    "commands.mailing",
    "commands.orders",
    "commands.order_feed",
    "commands.deliverables",
    "commands.saved_views",
    "commands.documents",
    "commands.replanning",
    "commands.reviews",
    "commands.calendar_addresses",
    "erasing",
    "sources_of_threads",
    "sources_of_promises",
    "sources_of_handoffs",
    "sources_of_reviews",
)


class WorkConfig(AppConfig):
    name = "hilo.work"
    label = "work"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"{self.name}.{module}")

"""``grant_application_role NAME``: see ``hilo.ledger.roles``."""

from django.core.management.base import BaseCommand, CommandParser

from hilo.ledger.roles import grant_application_role


class Command(BaseCommand):
    help = "Lets a PostgreSQL role run Hilo without being able to change history. Run it as the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: object, **options: object) -> None:
        grant_application_role(str(options["role"]))

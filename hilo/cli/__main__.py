import sys

from hilo.cli.command_line import main

sys.exit(main())

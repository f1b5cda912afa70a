import sys

from hilo.cli.main import main

sys.exit(main())

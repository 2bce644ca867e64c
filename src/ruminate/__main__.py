"""`python -m ruminate`."""

import sys

from ruminate.cli import main

sys.exit(main())

"""`python -m stumper`."""

import sys

from stumper.cli import main

sys.exit(main())

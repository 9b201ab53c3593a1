"""`python -m console` is the same as `console`."""

import sys

from console.cli import main

sys.exit(main())

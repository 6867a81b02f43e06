"""`python -m unitclient`."""

import sys

from unitclient.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

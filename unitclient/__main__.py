"""`python -m unitclient`."""

import sys

from unitclient.entry import main

if __name__ == "__main__":
    sys.exit(main())

"""For all tests: the key store of whoever runs them is not theirs."""

from __future__ import annotations

import os

os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)

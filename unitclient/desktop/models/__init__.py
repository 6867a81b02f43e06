"""Table models: columns as data, rows from a source, states and reasons by role. A model never gives a colour."""

"""What the words mean: values and rules. No clock, no disk, no network, no texts."""

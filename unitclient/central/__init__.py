"""The reference central service (演练中心 when embedded): SQLite, HTTP, its own checks and decisions."""

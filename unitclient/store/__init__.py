"""The local database: one encrypted SQLite file per home."""

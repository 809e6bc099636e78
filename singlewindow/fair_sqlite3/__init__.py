"""Django's SQLite backend, with writers who take turns: SQLite lets them sleep and is unfair to whoever has waited
longest."""

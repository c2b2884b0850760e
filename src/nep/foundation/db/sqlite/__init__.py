"""Django's SQLite with turns for its writers (see `turns`); named in DATABASES as the engine."""

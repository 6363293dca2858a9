"""PostgreSQL: embedded server, migrations, stores."""

"""What the service keeps: centres, people, rotas, jobs, keys, the audit log; in SQLite or PostgreSQL.

Nothing else imports SQLAlchemy.
"""

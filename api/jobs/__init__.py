"""Jobs that survive: accepted once, worked by whoever is alive, published once. Nothing else imports DBOS.

``client`` is for the process that accepts jobs, ``worker`` is the process that works them; see docs/jobs.md.
"""

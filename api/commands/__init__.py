"""The commands, one a file: what its options are, and what it does with them.

A command module has ``ABOUT`` (one sentence), ``EXAMPLE``, ``options(parser)`` and ``run(args, progress) ->
Outcome``. Whatever is slow to import is imported inside ``run``, so that help comes at once.
"""

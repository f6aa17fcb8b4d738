"""The whole chain on one page, and what is told about its result."""

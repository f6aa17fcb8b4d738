"""Notices on their way out: what each receiver may know, in which words and form, sent until they have it."""

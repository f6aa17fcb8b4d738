"""What every step knows about the centre: its settings, people, calendar and the grid of intervals."""

"""What several rules share: who worked when, sums, gaps, nights, periods, and the sentences of findings."""

"""A judge of clashes by enumeration, which shares nothing with the solver: every line, every place of breaks, every queue served."""

from itertools import product

from scheduler.shifts import break_starts


class Judge:
    """Tells whether people have lines, and whether together they can meet minimum cover.

    ``honours`` interprets a primitive on shifts of ``shift_class`` (tests/scheduler/conftest.py).
    """

    def __init__(self, honours, shift_class):
        self.honours, self.shift_class = honours, shift_class

    def lines(self, problem, primitives):
        """Every line of candidate shifts, one a day at most, that honours all primitives."""
        days = range(problem.grid.first_day, problem.grid.first_day + problem.grid.days)
        by_day = [[None, *(s for s in problem.shifts if s.day == day)] for day in days]
        for chosen in product(*by_day):
            line = [s for s in chosen if s is not None]
            if all(self.honours(p, [self.told(s) for s in line]) for p in primitives):
                yield line

    def told(self, shift):
        """A candidate shift as the interpreter knows it, its breaks as early as they may be."""
        breaks = tuple((b.earliest_minutes, b.minutes, b.paid, b.kind) for b in shift.template.breaks)
        return self.shift_class("", shift.day, shift.start, shift.end, breaks, shift.template.name)

    def stuck(self, problem, primitives):
        """Whether no line honours the primitives."""
        return next(iter(self.lines(problem, primitives)), None) is None

    def met(self, problem, people, cells):
        """Whether people, (queues, primitives) each, can give the minimum of (queue, interval) cells, one queue at a time each."""
        cells = sorted(cells)
        needed = tuple(int(problem.minimum[cell] * problem.grid.interval_minutes) for cell in cells)
        reached = {(0,) * len(cells)}
        for queues, primitives in people:
            own = {
                vector
                for line in self.lines(problem, primitives)
                for minutes in self.at_work(problem, line, {t for _, t in cells})
                for vector in self.serving(queues, minutes, cells)
            }
            reached = {
                tuple(min(n, a + b) for n, a, b in zip(needed, had, more, strict=True))
                for had in reached
                for more in own
            }
        return needed in reached

    def at_work(self, problem, line, times):
        """Minutes at work by interval, for every way to place the breaks."""
        grid = problem.grid
        places = [break_starts(s, k) for s in line for k in range(len(s.template.breaks))]
        lengths = [b.minutes for s in line for b in s.template.breaks]
        for starts in product(*places):
            minutes = {}
            for t in times:
                begin, end = (grid.start + grid.interval_minutes * k for k in (t, t + 1))
                inside = sum(max(0, min(s.end, end) - max(s.start, begin)) for s in line)
                away = sum(
                    max(0, min(at + n, end) - max(at, begin)) for at, n in zip(starts, lengths, strict=True)
                )
                minutes[t] = inside - away
            yield minutes

    def serving(self, queues, minutes, cells):
        """Minutes by cell, for every choice of a queue in every interval."""
        options = [[q for q in queues if (q, t) in cells] or [None] for t in minutes]
        for served in product(*options):
            chosen = dict(zip(minutes, served, strict=True))
            yield tuple(minutes[t] if chosen[t] == q else 0 for q, t in cells)

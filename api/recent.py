"""What was made of the contents that are asked for most: kept in memory for the latest of them."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """What was made of the latest ``most`` contents. Nobody changes what is in here.

    Examples
    --------
    >>> lengths = Recent(len, 2)
    >>> lengths.put(b"abc", 3)
    >>> lengths.of(b"abc"), lengths.of(b"")
    (3, 0)
    """

    def __init__(self, make: Callable[[bytes], Made], most: int) -> None:
        self._make, self._most = make, most
        self._kept: OrderedDict[bytes, Made] = OrderedDict()
        self._lock = Lock()

    def of(self, content: bytes) -> Made:
        """What is made of a content."""
        with self._lock:
            if content in self._kept:
                self._kept.move_to_end(content)
                return self._kept[content]
        made = self._make(content)
        self.put(content, made)
        return made

    def put(self, content: bytes, made: Made) -> None:
        """Keep what whoever made the content knows of it already."""
        with self._lock:
            self._kept[content] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

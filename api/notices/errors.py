"""Why a receiver has a notice not."""

from centre.errors import PaibanError


class NotSent(PaibanError):
    """It did not arrive; ``status`` says why in a few words, without addresses, contents or names.

    Parameters
    ----------
    wait_seconds : how long the receiver asked to be left alone, where it did
    """

    def __init__(self, status: str, wait_seconds: float = 0.0) -> None:
        self.status, self.wait_seconds = status, wait_seconds
        super().__init__(status)

"""JSON as our files hold it."""

import json
from typing import Any


def json_text(value: Any) -> str:
    """Indented JSON, any script as it is; a number that is not finite is an error.

    Examples
    --------
    >>> print(json_text({"name": "客服"}), end="")
    {
      "name": "客服"
    }
    """
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

"""Which answers of the API lead on to which requests: the links of its OpenAPI document."""

from collections.abc import Iterator
from typing import Any

ROTA = (
    "get_rota", "edit_rota", "get_rows", "put_rows", "list_days", "publish_rota", "undo_rota", "list_versions", "compare_versions",
    "list_violations",
)  # fmt: skip
JOB = (
    "get_job",
    "cancel_job",
    "rerun_job",
    "list_job_files",
    "get_job_file",
    "draft_of_job",
    "apply_closing",
)
SWAP = (
    "get_swap",
    "check_swap",
    "accept_swap",
    "decline_swap",
    "withdraw_swap",
    "approve_swap",
    "refuse_swap",
)
LEAVE = (
    "get_leave_request",
    "withdraw_leave_request",
    "refuse_leave_request",
    "grant_leave_request",
)
MEMBER = ("get_member", "list_keys", "add_key", "disable_member")
WEBHOOK = ("get_webhook", "list_deliveries", "disable_webhook")
CENTRE = (
    "get_centre", "replace_centre", "export_centre", "list_revisions", "list_files", "get_file", "put_file", "delete_file", "undo_change",
    "append_history", "upload_rota", "list_people", "add_request", "ask_leave", "add_webhook", "ask_forecasts", "ask_plans", "ask_solves",
    "ask_closings",
)  # fmt: skip
ONE, SAME = "$response.body#/id", "$request.path."
LINKS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "import_centre": (("centre_id", ONE, CENTRE),),
    "replace_centre": (("centre_id", ONE, ("get_centre", "undo_change")),),
    "put_file": (("centre_id", ONE, ("get_centre", "undo_change", "put_file")),),
    "append_history": (("centre_id", ONE, ("get_centre", "undo_change", "list_history")),),
    "upload_rota": (("rota_id", "$response.body#/rota/id", ROTA),),
    "get_rota": (("rota_id", ONE, ("edit_rota", "put_rows", "publish_rota", "undo_rota")),),
    "edit_rota": (("rota_id", SAME + "rota_id", ROTA),),
    "put_rows": (("rota_id", SAME + "rota_id", ROTA),),
    "publish_rota": (("rota_id", SAME + "rota_id", ROTA),),
    "undo_rota": (("rota_id", SAME + "rota_id", ("get_rota", "publish_rota", "list_versions")),),
    **{
        f"ask_{noun}": (("job_id", ONE, JOB),)
        for noun in ("forecasts", "requirements", "plans", "solves", "scenarios", "sweeps", "replans", "bids", "closings")
    },
    "cancel_job": (("job_id", ONE, ("get_job", "rerun_job", "follow_job")),),
    "rerun_job": (("job_id", ONE, JOB),),
    "draft_of_job": (("rota_id", ONE, ROTA),),
    "ask_swap": (("swap_id", "$response.body#/swap/id", SWAP),),
    "accept_swap": (("swap_id", SAME + "swap_id", ("approve_swap", "refuse_swap", "withdraw_swap")),),
    "ask_leave": (("request_id", ONE, LEAVE),),
    "add_member": (("member_id", ONE, MEMBER),),
    "add_key": (("key_id", ONE, ("revoke_key",)),),
    "add_webhook": (("webhook_id", ONE, WEBHOOK),),
}  # fmt: skip
"""By operation: the parameter that its answer gives, where in the answer it is, and the operations that it is for."""


def links_of(operation_id: str, versioned: set[str]) -> dict[str, Any]:
    """The links of an operation's answer by name.

    Parameters
    ----------
    versioned : operations that name a version as If-Match, which is the answer's ETag
    """
    return dict(_links(operation_id, versioned))


def _links(operation_id: str, versioned: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter, place, targets in LINKS.get(operation_id, ()):
        for target in targets:
            told = {f"path.{parameter}": place}
            if target in versioned:
                told["header.If-Match"] = "$response.header.ETag"
            yield target, {"operationId": target, "parameters": told}

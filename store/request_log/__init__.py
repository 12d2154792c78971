"""What was asked and what came back, in files that are safe to share; and bodies nobody could read, which are not."""

from store.request_log.bodies import KeptBodies, without_secrets
from store.request_log.log import RequestLog

FOLDER = "requests"
"""In `DATA_DIR`."""

__all__ = ["FOLDER", "KeptBodies", "RequestLog", "without_secrets"]

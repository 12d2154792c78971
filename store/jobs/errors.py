"""What can go wrong with jobs, said so that a person can mend it.

StoreError
└── JobError
    ├── JobNotFound     there is no such job
    ├── JobRefused      its state does not allow what was asked
    ├── JobConflict     the client has an active callback job already
    ├── KeyReused       the idempotency key belongs to another job
    └── ShardLost       the shard is not this process's any more
"""

from __future__ import annotations

from store.errors import StoreError


class JobError(StoreError):
    """Base of what goes wrong with jobs."""


class JobNotFound(JobError):  # noqa: N818  # says what happened
    """There is no such job."""

    def __init__(self, job: object) -> None:
        super().__init__(f"There is no job {job}; it may have been deleted")


class JobRefused(JobError):  # noqa: N818  # says what happened
    """Its state does not allow what was asked."""

    def __init__(self, job_id: int, state: str, wanted: str) -> None:
        super().__init__(f"Job {job_id} is {state}: it can't be {wanted}")
        self.job_id = job_id
        self.state = state


class JobConflict(JobError):  # noqa: N818  # says what happened
    """The client has an active callback job already."""

    def __init__(self, client_id: str) -> None:
        super().__init__(f"Client {client_id} has an active callback job; wait for its end or cancel it")
        self.client_id = client_id


class KeyReused(JobError):  # noqa: N818  # says what happened
    """The idempotency key belongs to another job."""

    def __init__(self, job_id: int) -> None:
        super().__init__(
            f"The idempotency key was used for job {job_id}, which is another one; use a new key"
        )
        self.job_id = job_id


class ShardLost(JobError):  # noqa: N818  # says what happened
    """The shard is not this process's any more."""

    def __init__(self, shard_id: int, attempt: int, why: str) -> None:
        super().__init__(f"Shard {shard_id} is not attempt {attempt}'s: {why}; this process stops")
        self.shard_id = shard_id
        self.attempt = attempt

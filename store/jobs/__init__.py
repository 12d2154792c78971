"""Jobs that are never lost: what somebody wants crawled, and how every target of it ended.

creation ── a job with its ledger, cut into shards
dispatch ── workers start shards on nodes, and settle those whose process is gone
claims   ── a process claims its shard, says that it lives, hands it back
ledger   ── the process finalises targets
endings  ── the job ends with its last shard; its callback is written in the same transaction
services ── people cancel, pause, resume; `retries`, `removal`
progress, results ── how far it is, and what came out
"""

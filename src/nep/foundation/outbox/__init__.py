"""Facts that higher parts learn after the commit, and work done later by the worker.

`services.publish` writes an event in the action's transaction; `services.enqueue` writes a job.
Both are rows of one queue. The worker (`worker.run_worker`) leases them, delivers each at least
once, retries with growing pauses and takes over what a killed worker held. Subscribers and jobs
are therefore idempotent.
"""

"""Far ends for benchmarks: servers in processes of their own, so that what they cost is not ours."""

"""The SDK of CloudEvents writes events for our receiver, and reads what the sandbox and we write."""

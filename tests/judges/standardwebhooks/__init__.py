"""The library of Standard Webhooks signs for our receiver, and verifies what the sandbox signs."""

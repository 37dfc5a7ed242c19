"""What the desk does: records, rules, use-cases, store, outbox, inbox. No Qt and no HTTP library below this floor."""

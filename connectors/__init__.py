"""What the vendors speak: a doorway, five clients, the receiver, the sandbox. No SQLite, no Qt, no nouns of ours."""

"""What the vendors speak: one doorway, five clients, the receiver and the sandbox. No SQLite, no Qt, no nouns of ours."""

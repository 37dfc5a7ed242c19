"""The SQL of the later migrations, one module each. A released step is never edited."""

"""The SQL of the schema's later steps, one module each. A released step is never edited."""

"""The SQL of schema steps, one module per step; :mod:`app.store.schema` lists them in their order."""

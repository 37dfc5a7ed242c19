"""The statements of later migrations, a module for each; :mod:`app.store.schema` puts them in their order."""

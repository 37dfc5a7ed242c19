"""A SOAP client of general use, which knows of the engine's service only what its own description says."""

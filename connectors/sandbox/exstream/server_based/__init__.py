"""The server-based product line: the engine's web service, Empower, and the Communications Server (exstream 1.7)."""

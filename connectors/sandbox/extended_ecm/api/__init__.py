"""The REST calls of Content Server, one module per part of the vendor's own table of contents."""

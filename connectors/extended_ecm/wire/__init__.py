"""Calls to Content Server and the reading of its answers: plain functions, no I/O.

Source: wire contract "extended-ecm", whose sections the modules name. Paths stand below ``{host}{cs-path}``. Values
travel as form fields or as one field ``body`` with a JSON text, never as a JSON request body (contract 1).
"""

"""iconik's wire without I/O: one module per service builds its calls and reads their replies.

Paths carry the trailing slash of the vendor's documents. Paging goes in the query string even for the POST search
(wire contract "iconik", §16.1).
"""

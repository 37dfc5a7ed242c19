"""OpenText's own client for OTMM (pyxecm), reading the sandbox; it has no call that writes."""

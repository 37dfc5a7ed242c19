"""Speed as ratios: our way against the leanest honest way to do the same work, measured in the same run."""

"""The pages: one folder each, with what is seen (view), the rows (model) and what happens (controller)."""

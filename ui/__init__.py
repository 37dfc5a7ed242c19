"""Floor 3: what people see and do. Qt lives here; pages know use-cases and never a connector."""

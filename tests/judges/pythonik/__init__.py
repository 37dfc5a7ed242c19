"""NorthShoreAutomation's pythonik, generated from iconik's own published documents, on the sandbox's tenant."""

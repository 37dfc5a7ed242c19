"""Sign-in by browser, whoever asks."""

"""What ships beside the code: the sandbox's world, colours, words. Data only; nothing here runs."""

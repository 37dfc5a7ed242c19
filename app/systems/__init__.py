"""How the desk sees each system: ports in our words, and one translator per vendor behind them."""

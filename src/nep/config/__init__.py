"""How the parts are put together: settings, addresses, wiring, command line."""

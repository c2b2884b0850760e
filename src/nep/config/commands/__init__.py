"""One module per command of `nep`: `add_arguments(parser)` and `run(options) -> exit code`."""

"""Pure rules of management review: its life, its inputs and outputs by edition."""

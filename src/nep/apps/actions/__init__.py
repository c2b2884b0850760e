"""Actions of every origin: who does what by when, with its evidence, checked by somebody else."""

"""The law of procedures: the step table, its edits, the proof panel and what an import means."""

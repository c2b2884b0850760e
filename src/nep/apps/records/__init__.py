"""Records: the file plan of a year, files, deposits, hand-over, hold, disposal, leavers."""

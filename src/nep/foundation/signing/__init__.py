"""Digital signatures on PDF (PAdES): sign, sign outside in two steps, time stamp, verify.

Whatever parses a PDF runs in a bounded child without a network (`program`); keys, tokens and the
time-stamping authority are met only in this process and never see the file, just its digest. The
libraries are the extra `sign`; without it every door here refuses with a sentence.
"""

"""Letters by e-mail and personal calendars: who wants to be told how, and what has been told.

A letter is written down before it is sent, and claimed before the mail server is spoken to. A
letter whose end is not known is never sent again by itself (ADR 0012).
"""

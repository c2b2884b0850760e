"""Who did what, when, with what old and new value, and why. Append-only.

Others call `services.record` inside their transaction; the worker links the rows into each
agency's chain, a daily checkpoint can be kept outside the server, `queries.verify` finds every
change, gap and cut tail. The journal holds actor and agency as plain numbers and knows neither.

What an entry tells need not be kept a second time: a case reads its finished steps from here.

An actor is a person's id. Where `actor_kind` is "account" it is a log-in account's: logging in,
locking and everything else of the accounts happens to keys, which need no person. Entries written
before that column have none; among them those of an action "account.…" name accounts. The column
is part of an entry's hash only where it is filled, so that older hashes and chains stay as they
were. `nep doctor` holds both kinds against the directory and the accounts.
"""

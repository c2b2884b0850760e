"""Systems outside: each folder translates one of them; no app imports this."""

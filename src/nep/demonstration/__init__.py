"""The demonstration province: made-up agencies and people, built through the services only."""

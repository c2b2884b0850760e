"""Event logs in XES (IEEE 1849), as process tools and other agencies write them."""

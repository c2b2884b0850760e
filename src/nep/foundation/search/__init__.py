"""One index of titles, codes and full texts, found with and without marks."""

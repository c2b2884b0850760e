"""Records of the national portal: dossiers and states, as one-stop systems send them."""

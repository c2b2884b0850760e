"""Administrative procedures and their processes: table, diagram, proof, version in force."""

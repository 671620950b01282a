"""One module a view: each builds what its template shows from the record's documents, and computes no number."""

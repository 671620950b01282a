"""The desk's own tables beside the record's: same engine, same transaction, same migrations."""

"""What lists postings for readers and programs: the first page, `index.json`, feeds, a calendar."""

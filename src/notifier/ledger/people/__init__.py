"""What people said of postings, and who may ask or write it down."""

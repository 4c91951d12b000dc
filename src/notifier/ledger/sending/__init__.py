"""What the one process that sends asks of the ledger and writes down: recipients, batches, attempts and doubt."""

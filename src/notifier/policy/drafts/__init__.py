"""What is wrong with a draft before it lands: its name, its words to everybody, what no page shows of it."""

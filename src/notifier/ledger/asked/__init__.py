"""What is read only when somebody asks for proof: one person's rows, and what the journal says of them."""
